import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useId, useState } from "react";
import type { AuditEntry } from "../../api/types";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { timeText } from "../../ui/time";
import { useRested } from "../../ui/useRested";
import { DataTable } from "../DataTable";
import { ExportButtons } from "../ExportButtons";
import { Listed } from "../Listed";
import { everyRow } from "../exports";
import { AdminOnly } from "./AdminOnly";
import { auditForFile, auditQuery, type AuditSearch } from "./api";

/** Acts that are offered when one begins to type. */
const knownActs = [
  "booking.cancelled",
  "event.cancelled",
  "event.cloned",
  "event.created",
  "event.deleted",
  "event.postponed",
  "event.published",
  "event.updated",
  "job.redriven",
  "layout.created",
  "login.reuse_detected",
  "ticket.offered",
  "ticket.transferred",
  "user.created",
  "user.deleted",
  "user.password_changed",
  "user.registered",
  "user.role_changed",
  "venue.created",
];

const route = getRouteApi("/organise/audit");

/** Who did what, and when: nothing here can be changed. */
export function AuditPage() {
  useTitle("Audit log");
  return (
    <AdminOnly>
      <Log />
    </AdminOnly>
  );
}

/** A person whose acts alone are shown. */
interface Person {
  id: string;
  name: string;
}

function Log() {
  const { subject = "" } = route.useSearch();
  const acts = useId();
  const [typed, setTyped] = useState({ subject, action: "" });
  const [person, setPerson] = useState<Person | null>(null);
  const search: AuditSearch = { ...useRested(typed), user_id: person?.id ?? "" };
  const log = useInfiniteQuery(auditQuery(search));
  const listed = log.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Audit log</h1>
        <ExportButtons name="audit" load={async () => (await everyRow(auditForFile(search))).map(cellsOf)} />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="What was done"
          hint="Such as event.published."
          list={acts}
          value={typed.action}
          onChange={(event) => setTyped({ ...typed, action: event.target.value.trim() })}
        />
        <datalist id={acts}>
          {knownActs.map((act) => (
            <option key={act} value={act}>
              {act}
            </option>
          ))}
        </datalist>
        <Field
          label="To what"
          hint="Such as event:12 or venue:3."
          value={typed.subject}
          onChange={(event) => setTyped({ ...typed, subject: event.target.value.trim() })}
        />
      </div>
      {person && (
        <p className="flex flex-wrap items-center gap-3">
          Only what {person.name} did.
          <Button look="quiet" size="small" onClick={() => setPerson(null)}>
            <Icon name="cross" /> Everybody
          </Button>
        </p>
      )}
      <Listed
        query={log}
        what="the log"
        isEmpty={listed.length === 0}
        empty={{ title: "No such act", says: "Acts and subjects are found by their whole name." }}
      >
        <Entries
          entries={listed}
          onPerson={setPerson}
          onSubject={(wanted) => setTyped({ ...typed, subject: wanted })}
        />
      </Listed>
    </div>
  );
}

interface EntriesProps {
  entries: AuditEntry[];
  onPerson: (person: Person) => void;
  onSubject: (subject: string) => void;
}

const narrow =
  "min-h-9 rounded-sm text-start font-semibold underline decoration-line underline-offset-4 hover:decoration-ink";

function Entries({ entries, onPerson, onSubject }: EntriesProps) {
  return (
    <DataTable
      caption="Audit log"
      rows={entries}
      keyOf={({ id }) => id}
      heads={[
        { text: "When", tight: true },
        { text: "Who" },
        { text: "What", tight: true },
        { text: "To what" },
        { text: "Details" },
      ]}
    >
      {({ timestamp, user_id, user_name, action, subject, detail }) => ({
        When: timeText(timestamp, "exact"),
        Who: user_id ? (
          <button
            type="button"
            className={narrow}
            onClick={() => onPerson({ id: user_id, name: user_name ?? "this account" })}
          >
            {user_name ?? user_id.slice(0, 8)}
            <span className="sr-only">: only these acts</span>
          </button>
        ) : (
          <span className="text-soft">the server</span>
        ),
        What: action,
        "To what": (
          <button type="button" className={`${narrow} break-all`} onClick={() => onSubject(subject)}>
            {shortened(subject)}
            <span className="sr-only">: only this</span>
          </button>
        ),
        Details: <Detail detail={detail ?? null} />,
      })}
    </DataTable>
  );
}

/** `booking:0192…` is as much of an id as people compare. */
const shortened = (subject: string): string => subject.replace(/^(\w+:[0-9a-f]{8})[0-9a-f-]{28}$/, "$1…");

function Detail({ detail }: { detail: object | null }) {
  const pairs = Object.entries(detail ?? {});
  if (pairs.length === 0) return <span className="text-soft">–</span>;
  return (
    <ul className="grid gap-0.5">
      {pairs.map(([name, value]) => (
        <li key={name} className="break-all">
          <span className="text-soft">{name}</span> {typeof value === "string" ? value : JSON.stringify(value)}
        </li>
      ))}
    </ul>
  );
}

const cellsOf = ({ id, timestamp, user_id, user_name, action, subject, detail }: AuditEntry) => ({
  id,
  timestamp,
  user_id: user_id ?? null,
  user_name: user_name ?? null,
  action,
  subject,
  detail: JSON.stringify(detail),
});
