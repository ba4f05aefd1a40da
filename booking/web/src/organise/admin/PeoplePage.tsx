import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { User } from "../../api/types";
import { useTitle } from "../../shell/title";
import { Ask } from "../../ui/Ask";
import { Field, Select } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { timeText } from "../../ui/time";
import { useRested } from "../../ui/useRested";
import { useAccount } from "../../users/session";
import { DataTable } from "../DataTable";
import { ExportButtons } from "../ExportButtons";
import { Listed } from "../Listed";
import { everyRow } from "../exports";
import { AdminOnly } from "./AdminOnly";
import { ResetFactor } from "./ResetFactor";
import { changeRole, peopleForFile, peopleQuery, type PeopleSearch, type Role } from "./api";

const roles: Record<Role, { text: string; may: string }> = {
  guest: { text: "Fan", may: "buys tickets" },
  organizer: { text: "Organiser", may: "makes events and sees their sales and attendees" },
  gate: { text: "Gate staff", may: "checks tickets in" },
  admin: { text: "Administrator", may: "sees and steers everything, and gives roles" },
};
const roleNames = Object.keys(roles) as Role[];

/** Accounts and what they may do. */
export function PeoplePage() {
  useTitle("People");
  return (
    <AdminOnly>
      <People />
    </AdminOnly>
  );
}

function People() {
  const [search, setSearch] = useState<PeopleSearch>({ q: "", user_type: "" });
  const rested = useRested(search);
  const people = useInfiniteQuery(peopleQuery(rested));
  const [asked, setAsked] = useState<{ user: User; role: Role } | null>(null);
  const change = useRoleChange(() => setAsked(null));
  const listed = people.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">People</h1>
        <ExportButtons name="people" load={async () => (await everyRow(peopleForFile(rested))).map(cellsOf)} />
      </div>
      <div className="grid gap-4 sm:grid-cols-[1fr_14rem]">
        <Field
          label="Search by name or address"
          type="search"
          value={search.q}
          onChange={(event) => setSearch({ ...search, q: event.target.value })}
        />
        <Select
          label="Role"
          value={search.user_type}
          onChange={(event) => setSearch({ ...search, user_type: event.target.value as Role | "" })}
        >
          <option value="">All</option>
          {roleNames.map((role) => (
            <option key={role} value={role}>
              {roles[role].text}
            </option>
          ))}
        </Select>
      </div>
      <Listed
        query={people}
        what="the accounts"
        isEmpty={listed.length === 0}
        empty={{ title: "Nobody matches", says: "Try a part of the name or the address." }}
      >
        <PeopleTable people={listed} onRole={(user, role) => setAsked({ user, role })} />
      </Listed>
      <Ask
        open={asked !== null}
        title={asked ? `Make ${asked.user.name} ${words(asked.role)}?` : ""}
        yes="Change the role"
        no="Leave it"
        busy={change.isPending}
        onYes={() => asked && change.mutate({ ...asked, isUndo: false })}
        onClose={() => setAsked(null)}
      >
        <p>
          {asked && `${roles[asked.role].text}: ${roles[asked.role].may}.`} All logins of this account end, so that the
          old role ends too. You can take it back.
        </p>
      </Ask>
    </div>
  );
}

const words = (role: Role) =>
  `${role === "organizer" || role === "admin" ? "an" : "a"} ${roles[role].text.toLowerCase()}`;

function useRoleChange(onDone: () => void) {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: ({ user, role }: { user: User; role: Role; isUndo: boolean }) => changeRole(user.id, role),
    onSuccess: (_, { user, role, isUndo }) => {
      const undo = { label: "Undo", act: () => change.mutate({ user, role: user.user_type, isUndo: true }) };
      toast("good", `${user.name} is ${words(role)} now.`, isUndo ? undefined : undo);
      void client.invalidateQueries({ queryKey: ["organise", "people"] });
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: onDone,
  });
  return change;
}

function PeopleTable({ people, onRole }: { people: User[]; onRole: (user: User, role: Role) => void }) {
  const { user: me } = useAccount();
  return (
    <DataTable
      caption="Accounts"
      rows={people}
      keyOf={({ id }) => id}
      heads={[
        { text: "Name" },
        { text: "Role" },
        { text: "Address", tight: true },
        { text: "Since", tight: true },
        { text: "Second factor", tight: true },
      ]}
    >
      {(user) => ({
        Name: (
          <>
            {user.name}
            <span className="block font-normal wrap-anywhere text-soft">{user.email}</span>
          </>
        ),
        Role:
          user.id === me?.id ? (
            `${roles[user.user_type].text} (you)`
          ) : (
            <Select
              label={`Role of ${user.name}`}
              hideLabel
              className="min-w-42"
              value={user.user_type}
              onChange={(event) => onRole(user, event.target.value as Role)}
            >
              {roleNames.map((role) => (
                <option key={role} value={role}>
                  {roles[role].text}
                </option>
              ))}
            </Select>
          ),
        Address: user.email_verified ? "proven" : "not proven yet",
        Since: timeText(user.created_at, "short"),
        "Second factor": user.id === me?.id ? "on your account page" : <ResetFactor user={user} />,
      })}
    </DataTable>
  );
}

const cellsOf = ({ id, name, email, user_type, email_verified, created_at }: User) => ({
  id,
  name,
  email,
  user_type,
  email_verified,
  created_at,
});
