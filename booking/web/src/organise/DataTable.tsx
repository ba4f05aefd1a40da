import type { ReactNode } from "react";
import { Card } from "../ui/Card";

/** A column's name; `tight` ones are never broken into lines, as times and figures. */
export interface Head<Name extends string> {
  text: Name;
  tight?: boolean;
}

interface Props<Row, Name extends string> {
  caption: string;
  /** The first column names the row. */
  heads: readonly Head<Name>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string | number;
  /** What stands in a row, by the column's name. */
  children: (row: Row) => Record<NoInfer<Name>, ReactNode>;
}

/** Rows with their columns; on a phone each row is a card whose lines name their column. */
export function DataTable<Row, const Name extends string>(props: Props<Row, Name>) {
  const { caption, heads, rows, keyOf, children } = props;
  return (
    <Card>
      <div role="region" aria-label={`Table: ${caption}`} tabIndex={0} className="overflow-x-auto rounded-lg">
        <table className="w-full text-start text-sm max-sm:block">
          <caption className="sr-only">{caption}</caption>
          <thead className="caption border-b border-line text-soft max-sm:sr-only">
            <tr>
              {heads.map(({ text }) => (
                <th key={text} scope="col" className="px-4 py-3 text-start font-semibold whitespace-nowrap">
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="max-sm:block">
            {rows.map((row) => (
              <tr
                key={keyOf(row)}
                className="border-b border-line last:border-0 max-sm:grid max-sm:gap-1.5 max-sm:p-4 sm:align-baseline"
              >
                <Cells heads={heads} cells={children(row)} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function Cells<Name extends string>(props: { heads: readonly Head<Name>[]; cells: Record<Name, ReactNode> }) {
  return props.heads.map((head, index) => (
    <Cell key={head.text} head={head} isFirst={index === 0}>
      {props.cells[head.text]}
    </Cell>
  ));
}

function Cell({ head, isFirst, children }: { head: Head<string>; isFirst: boolean; children: ReactNode }) {
  const text = head.tight ? "whitespace-nowrap" : "";
  if (isFirst) {
    return (
      <th scope="row" className={`text-start font-semibold sm:px-4 sm:py-3 ${text}`}>
        {children}
      </th>
    );
  }
  return (
    <td className={`max-sm:flex max-sm:items-baseline max-sm:justify-between max-sm:gap-4 sm:px-4 sm:py-3 ${text}`}>
      <span aria-hidden="true" className="caption shrink-0 text-soft sm:hidden">
        {head.text}
      </span>
      <div className="min-w-0 max-sm:text-end">{children}</div>
    </td>
  );
}
