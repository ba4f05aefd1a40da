import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { TotpSecret } from "../api/types";
import { QrCode } from "../tickets/QrCode";
import { Button } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { saveFile } from "../ui/save";
import { toast } from "../ui/Toast";
import { CodeField } from "./CodeField";
import { FormProblem, useForm } from "./form";
import { confirmTotp, disableTotp, enrolTotp, grouped, totpQuery } from "./totp";
import { say } from "./words";

/** The second factor of an account: switched on with a code of an app, off with another. */
export function SecondFactor() {
  const client = useQueryClient();
  const status = useQuery(totpQuery());
  const [codes, setCodes] = useState<string[] | null>(null);
  const [secret, setSecret] = useState<TotpSecret | null>(null);
  const enrol = useMutation({
    mutationFn: enrolTotp,
    onSuccess: setSecret,
    onError: () => void client.invalidateQueries({ queryKey: totpQuery().queryKey }),
  });
  const changed = () => {
    setSecret(null);
    void client.invalidateQueries({ queryKey: totpQuery().queryKey });
  };
  return (
    <Card className="mt-6 grid gap-5 p-5 sm:p-6">
      <h2 className="heading text-xl">{say("secondFactor")}</h2>
      {status.isError && <Notice tone="bad" title={asProblem(status.error).title} />}
      {enrol.isError && (
        <Notice tone="bad" title={asProblem(enrol.error).title}>
          {asProblem(enrol.error).detail}
        </Notice>
      )}
      {codes ? (
        <RecoveryCodes codes={codes} onKept={() => setCodes(null)} />
      ) : secret ? (
        <Enrolment
          secret={secret}
          onConfirmed={(shown) => {
            setCodes(shown);
            changed();
          }}
          onLeave={() => setSecret(null)}
        />
      ) : status.data?.enabled ? (
        <SwitchOff left={status.data.recovery_codes_left} onOff={changed} />
      ) : (
        <>
          <p className="text-soft">{say("secondFactorText")}</p>
          <Button
            look="strong"
            className="justify-self-start"
            busy={enrol.isPending}
            disabled={status.isPending}
            onClick={() => enrol.mutate()}
          >
            {say("setUpFactor")}
          </Button>
        </>
      )}
    </Card>
  );
}

interface EnrolmentProps {
  secret: TotpSecret;
  onConfirmed: (recoveryCodes: string[]) => void;
  onLeave: () => void;
}

function Enrolment({ secret, onConfirmed, onLeave }: EnrolmentProps) {
  const form = useForm(async (value) => onConfirmed(await confirmTotp(value("code"))));
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <p>{say("scanKey")}</p>
      <QrCode svg={secret.qr_svg} alt={say("keyPicture")} className="size-52 rounded-md p-2" />
      <p className="text-sm">
        {say("typeKey")}{" "}
        <code className="block pt-1 font-semibold wrap-anywhere select-all">{grouped(secret.secret)}</code>
      </p>
      <FormProblem problem={form.problem} />
      <CodeField orRecovery={false} error={form.errorOf("code")} />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="strong" busy={form.isBusy}>
          {say("switchOn")}
        </Button>
        <Button look="plain" onClick={onLeave}>
          {say("notNow")}
        </Button>
      </div>
    </form>
  );
}

function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const save = () =>
    saveFile(new Blob([`${codes.join("\n")}\n`], { type: "text/plain" }), "rushline-recovery-codes.txt");
  return (
    <>
      <Notice tone="good" title={say("factorOn")}>
        {say("keepCodesText")}
      </Notice>
      <ul aria-label={say("recoveryCodes")} className="grid grid-cols-2 gap-2 rounded-md bg-sunk p-4">
        {codes.map((code) => (
          <li key={code}>
            <code className="select-all">{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-3">
        <Button look="strong" onClick={save}>
          {say("saveCodes")}
        </Button>
        <Button look="quiet" onClick={onKept}>
          {say("keptCodes")}
        </Button>
      </div>
    </>
  );
}

function SwitchOff({ left, onOff }: { left: number; onOff: () => void }) {
  const form = useForm(async (value) => {
    await disableTotp(value("code"));
    toast("info", say("factorOff"));
    onOff();
  });
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <p>
        <strong>{say("factorOn")}</strong> {say("codesLeft", { count: left })}
      </p>
      <FormProblem problem={form.problem} />
      <CodeField orRecovery error={form.errorOf("code")} />
      <Button type="submit" look="danger" busy={form.isBusy} className="justify-self-start">
        {say("switchOff")}
      </Button>
    </form>
  );
}
