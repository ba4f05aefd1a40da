import { useEffect, useState } from "react";
import type { SectionSpec } from "../../api/types";
import { forget, recall, remember } from "../../ui/storage";
import { begun, redone, stepped, undone } from "./history";
import type { EditedSection } from "./sections";

/** The plan in work: its sections, which one is chosen, and every step back and forth. */
export interface PlanEditor {
  sections: readonly EditedSection[];
  chosen: EditedSection | null;
  choose: (key: number | null) => void;
  /** Adds sections at the end and chooses the first of them. */
  add: (specs: readonly SectionSpec[]) => void;
  /** Changes a section; steps with `merge` are taken back together. */
  change: (key: number, spec: SectionSpec, merge?: boolean) => void;
  remove: (key: number) => void;
  undo: (() => void) | null;
  redo: (() => void) | null;
  /** Forgets the plan, once it is saved. */
  clear: () => void;
}

const isList = (value: unknown): value is EditedSection[] =>
  Array.isArray(value) && value.every((each) => typeof each?.key === "number" && typeof each?.spec?.name === "string");

/** What was drawn stays in this tab until it is saved; a plan that is edited begins as it was saved. */
export function usePlanEditor(venue: number, edited?: { layout: number; specs: readonly SectionSpec[] }): PlanEditor {
  const storage = edited === undefined ? `rushline.plan.${venue}` : `rushline.plan.${venue}.${edited.layout}`;
  const [history, setHistory] = useState(() =>
    begun<readonly EditedSection[]>(
      recall(storage, isList) ?? (edited?.specs ?? []).map((spec, index) => ({ key: index + 1, spec })),
    ),
  );
  const [key, choose] = useState<number | null>(null);
  const sections = history.present;
  useEffect(() => remember(storage, sections), [storage, sections]);

  const step = (next: readonly EditedSection[], merge = false) => setHistory(stepped(history, next, merge));
  return {
    sections,
    chosen: sections.find((section) => section.key === key) ?? null,
    choose,
    add: (specs) => {
      const free = Math.max(0, ...sections.map((section) => section.key)) + 1;
      step([...sections, ...specs.map((spec, index) => ({ key: free + index, spec }))]);
      choose(free);
    },
    change: (changed, spec, merge) =>
      step(
        sections.map((section) => (section.key === changed ? { ...section, spec } : section)),
        merge,
      ),
    remove: (gone) => step(sections.filter((section) => section.key !== gone)),
    undo: history.past.length > 0 ? () => setHistory(undone(history)) : null,
    redo: history.future.length > 0 ? () => setHistory(redone(history)) : null,
    clear: () => forget(storage),
  };
}
