import { useMemo, useRef } from "react";
import type { SectionSpec } from "../../api/types";
import { Button } from "../../ui/Button";
import { Card, Notice } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { counted } from "../overview/rollup";
import { PlanMap } from "./PlanMap";
import { capacityOf, centredPlanOf, seatsMost } from "./plan";
import { drawable, pulled } from "./sections";
import type { PlanEditor } from "./usePlanEditor";

/** The plan as it will be, while its sections change; placed and curved sections are pulled where they belong. */
export function PlanPreview({ editor }: { editor: PlanEditor }) {
  const specs = editor.sections.map(({ spec }) => spec);
  const shown = useMemo(() => drawable(editor.sections.map(({ spec }) => spec)), [editor.sections]);
  const made = useMemo(() => shown && centredPlanOf(shown), [shown]);
  // As the section was when the pull began: every further point is counted from there.
  const held = useRef<SectionSpec | null>(null);
  const seats = capacityOf(specs);
  return (
    <Card className="overflow-hidden lg:sticky lg:top-21">
      <div className="flex flex-wrap items-center justify-between gap-3 border-b border-line py-2 ps-4 pe-2">
        <p className="figures text-sm" aria-live="polite">
          <strong>{Number.isFinite(seats) ? seats.toLocaleString() : "–"}</strong> seats in{" "}
          {counted(specs.length, "section")}
        </p>
        <div className="flex gap-1">
          <Button look="plain" size="small" disabled={editor.undo === null} onClick={() => editor.undo?.()}>
            <Icon name="undo" /> Undo
          </Button>
          <Button look="plain" size="small" disabled={editor.redo === null} onClick={() => editor.redo?.()}>
            <Icon name="redo" /> Redo
          </Button>
        </div>
      </div>
      {made === null ? (
        <div className="p-5">
          <Notice tone="warn" title="Too large to draw">
            A plan has at most {seatsMost.toLocaleString()} places. Take rows or seats away.
          </Notice>
        </div>
      ) : (
        <div className="h-[26rem] sm:h-[34rem]">
          <PlanMap
            plan={made.plan}
            box={made.box}
            says={`Preview: ${counted(specs.length, "section")}, ${counted(seats, "seat")}.`}
            chosen={editor.chosen ? editor.sections.indexOf(editor.chosen) : null}
            onPick={(index) => editor.choose(editor.sections[index]?.key ?? null)}
            onPull={(index, from, to, isEnd) => {
              const section = editor.sections[index];
              if (section === undefined) return;
              const isFirst = held.current === null;
              held.current ??= section.spec;
              editor.change(section.key, pulled(held.current, from, to), !isFirst);
              if (isEnd) held.current = null;
            }}
          />
        </div>
      )}
      <p className="border-t border-line px-4 py-2.5 text-sm text-soft">
        Press a section to change it; pull a chosen one that is placed or curved.
      </p>
    </Card>
  );
}
