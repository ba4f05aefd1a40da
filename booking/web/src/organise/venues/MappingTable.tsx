import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { DataTable } from "../DataTable";
import type { ImportReport } from "../../api/types";
import type { Choice, FoundKind } from "./imports";

interface Props {
  found: ImportReport["found"];
  choices: readonly Choice[];
  onChoices: (choices: readonly Choice[]) => void;
  isBusy: boolean;
  onTry: () => void;
}

const kindWords: Record<FoundKind, string> = { ids: "id", classes: "class", colours: "colour" };

/** What the drawing's names and colours mean: which are seats, and of which category. */
export function MappingTable({ found, choices, onChoices, isBusy, onTry }: Props) {
  const rows = (["classes", "colours", "ids"] as const).flatMap((kind) =>
    found[kind].map((each) => ({ ...each, kind })),
  );
  if (rows.length === 0) return null;
  const choiceOf = (kind: FoundKind, value: string): Choice =>
    choices.find((each) => each.kind === kind && each.value === value) ?? { kind, value, isSeat: false, category: "" };
  const choose = (next: Choice) =>
    onChoices([...choices.filter(({ kind, value }) => kind !== next.kind || value !== next.value), next]);
  return (
    <section aria-labelledby="mapping" className="grid grid-cols-1 gap-4">
      <div>
        <h2 id="mapping" className="heading text-2xl">
          What the shapes mean
        </h2>
        <p className="mt-1 max-w-prose text-soft">
          Tick what is a seat, and name the category of what costs the same. Leave all of it empty where the drawing
          says itself: shapes of the class or id “seat”.
        </p>
      </div>
      <DataTable
        caption="What the drawing has"
        rows={rows}
        keyOf={({ kind, value }) => `${kind} ${value}`}
        heads={[
          { text: "In the drawing" },
          { text: "Shapes", tight: true },
          { text: "Is a seat", tight: true },
          { text: "Category" },
        ]}
      >
        {({ kind, value, elements }) => {
          const choice = choiceOf(kind, value);
          const says = `${kindWords[kind]} ${value}`;
          return {
            "In the drawing": (
              <span className="flex items-center gap-2">
                {kind === "colours" && <Swatch colour={value} />}
                <span>
                  <span className="font-normal text-soft">{kindWords[kind]}</span> {value}
                </span>
              </span>
            ),
            Shapes: <span className="figures">{elements.toLocaleString()}</span>,
            "Is a seat": (
              <input
                type="checkbox"
                aria-label={`Shapes of the ${says} are seats`}
                className="size-5 accent-flare-ink"
                checked={choice.isSeat}
                onChange={() => choose({ ...choice, isSeat: !choice.isSeat })}
              />
            ),
            Category: (
              <Field
                label={`Category of the ${says}`}
                hideLabel
                maxLength={80}
                value={choice.category}
                onChange={(change) => choose({ ...choice, category: change.target.value })}
              />
            ),
          };
        }}
      </DataTable>
      <Button look="strong" className="justify-self-start" busy={isBusy} onClick={onTry}>
        Look again
      </Button>
    </section>
  );
}

const Swatch = ({ colour }: { colour: string }) => (
  <span
    aria-hidden="true"
    className="size-5 shrink-0 rounded-sm border border-control"
    style={{ backgroundColor: colour }}
  />
);
