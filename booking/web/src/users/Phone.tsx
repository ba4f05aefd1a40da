import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { PhoneLanguage, PhoneStatus } from "../api/types";
import { languages, useLanguage } from "../languages/current";
import { Button } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { Field, Select } from "../ui/Field";
import { toast } from "../ui/Toast";
import { FormProblem, useForm } from "./form";
import { changePhone, phoneQuery, removePhone, setPhone, verifyPhone } from "./phone";
import { say } from "./phoneWords";

/** The number that texts go to: given, proven by a code, silenced, taken away. Nothing where the shop sends none. */
export function Phone() {
  const client = useQueryClient();
  const phone = useQuery(phoneQuery());
  const [isChanging, setChanging] = useState(false);
  const show = (status: PhoneStatus) => {
    setChanging(false);
    client.setQueryData(phoneQuery().queryKey, status);
  };
  const status = phone.data;
  if (status === undefined || (!status.available && !status.number)) return null;
  return (
    <Card className="mt-6 grid gap-5 p-5 sm:p-6">
      <h2 className="heading text-xl">{say("title")}</h2>
      {!status.number || isChanging ? (
        <NumberForm number={status.number ?? ""} onGiven={show} />
      ) : status.verified_at ? (
        <Proven status={status} onChange={show} />
      ) : (
        <CodeForm number={status.number} onProven={show} onOther={() => setChanging(true)} />
      )}
    </Card>
  );
}

function NumberForm({ number, onGiven }: { number: string; onGiven: (status: PhoneStatus) => void }) {
  const language = useLanguage();
  const form = useForm(async (value) => onGiven(await setPhone(value("number"), value("language") as PhoneLanguage)));
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <p className="text-soft">{say("text")}</p>
      <FormProblem problem={form.problem} />
      <Field
        label={say("number")}
        name="number"
        type="tel"
        autoComplete="tel"
        dir="ltr"
        required
        maxLength={40}
        defaultValue={number}
        hint={say("numberHint")}
        error={form.errorOf("number")}
      />
      <Select label={say("language")} name="language" defaultValue={language}>
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </Select>
      <Button type="submit" look="strong" busy={form.isBusy} className="justify-self-start">
        {say("sendCode")}
      </Button>
    </form>
  );
}

interface CodeFormProps {
  number: string;
  onProven: (status: PhoneStatus) => void;
  onOther: () => void;
}

function CodeForm({ number, onProven, onOther }: CodeFormProps) {
  const form = useForm(async (value) => {
    onProven(await verifyPhone(value("code")));
    toast("good", say("proven"));
  });
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <p>{say.rich("codeSent", { number: <bdi dir="ltr">{number}</bdi> })}</p>
      <FormProblem problem={form.problem} />
      <Field
        label={say("code")}
        name="code"
        required
        maxLength={12}
        inputMode="numeric"
        autoComplete="one-time-code"
        className="figures"
        hint={say("codeHint")}
        error={form.errorOf("code")}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="strong" busy={form.isBusy}>
          {say("prove")}
        </Button>
        <Button look="plain" onClick={onOther}>
          {say("another")}
        </Button>
      </div>
    </form>
  );
}

function Proven({ status, onChange }: { status: PhoneStatus; onChange: (status: PhoneStatus) => void }) {
  const client = useQueryClient();
  const change = useMutation({ mutationFn: changePhone, onSuccess: onChange });
  const remove = useMutation({
    mutationFn: removePhone,
    onSuccess: () => {
      toast("info", say("removed"));
      void client.invalidateQueries({ queryKey: phoneQuery().queryKey });
    },
  });
  const failure = change.error ?? remove.error;
  return (
    <>
      <p>{say.rich("goesTo", { number: <bdi dir="ltr">{status.number}</bdi> })}</p>
      {failure && <Notice tone="bad" title={asProblem(failure).title} />}
      <label className="flex items-center gap-3">
        <input
          type="checkbox"
          className="size-5"
          checked={status.texts}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.currentTarget.checked)}
        />
        {say("wanted")}
      </label>
      <Button look="quiet" busy={remove.isPending} onClick={() => remove.mutate()} className="justify-self-start">
        {say("remove")}
      </Button>
    </>
  );
}
