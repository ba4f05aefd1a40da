import type { ReactNode } from "react";
import { Card } from "../../ui/Card";

/** A part of a form under a heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="heading mb-5 text-xl">{title}</h2>
      <div className="grid grid-cols-1 gap-5">{children}</div>
    </Card>
  );
}
