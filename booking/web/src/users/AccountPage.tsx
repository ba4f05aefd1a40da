import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../api/problem";
import { choose, type Language, languages, useLanguage } from "../languages/current";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Badge, Card, Notice } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { Field, Select } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { Phone } from "./Phone";
import { SecondFactor } from "./SecondFactor";
import { changeName, deleteAccount, logout, meQuery, resendVerification } from "./api";
import { ChangePassword, FirstPassword } from "./PasswordForms";
import { FormProblem, useForm } from "./form";
import { isGateStaff, isOrganiser, useAccount } from "./session";
import { say } from "./words";

const roles = { guest: "fan", organizer: "organiser", admin: "admin", gate: "gateStaff" } as const;

export function AccountPage() {
  useTitle(say("account"));
  const { user } = useAccount();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm(async (value) => {
    await changeName(value("name").trim());
    toast("good", say("saved"));
  });
  if (user === null) return null;

  const leave = async () => {
    await logout();
    client.clear();
    await navigate(to.home());
  };
  return (
    <div className="page max-w-2xl py-8 sm:py-12">
      <div className="mb-7 flex flex-wrap items-center justify-between gap-3">
        <h1 className="poster text-3xl">{say("hi", { name: user.name.split(" ")[0]! })}</h1>
        <Badge>{say(roles[user.user_type])}</Badge>
      </div>
      <nav aria-label={say("yourPages")} className="mb-6 grid gap-3 sm:grid-cols-3">
        <Link {...to.bookings()} className={buttonClass("quiet", "large")}>
          <Icon name="ticket" /> {say("myTickets")}
        </Link>
        {isOrganiser(user) && (
          <Link {...to.organise()} className={buttonClass("quiet", "large")}>
            <Icon name="chart" /> {say("organise")}
          </Link>
        )}
        {isGateStaff(user) && (
          <Link {...to.gate()} className={buttonClass("quiet", "large")}>
            <Icon name="scan" /> {say("gate")}
          </Link>
        )}
      </nav>
      <Unverified />
      <Card className="p-5 sm:p-6">
        <form onSubmit={form.submit} className="grid gap-5">
          <h2 className="heading text-xl">{say("details")}</h2>
          <FormProblem problem={form.problem} />
          <Field
            label={say("name")}
            name="name"
            autoComplete="name"
            required
            maxLength={100}
            defaultValue={user.name}
            error={form.errorOf("name")}
          />
          <Field label={say("email")} type="email" value={user.email} readOnly disabled />
          <Button type="submit" look="strong" busy={form.isBusy} className="justify-self-start">
            {say("save")}
          </Button>
        </form>
      </Card>
      <LanguageForm />
      <Phone />
      {user.is_guest ? <FirstPassword /> : <ChangePassword />}
      {isOrganiser(user) && !user.is_guest && <SecondFactor />}
      <div className="mt-6 flex flex-wrap justify-between gap-3">
        <Button look="quiet" onClick={() => void leave()}>
          {say("signOut")}
        </Button>
        <DeleteAccount />
      </div>
    </div>
  );
}

/** Reminds of the mail that proves the address, and sends it again. */
function Unverified() {
  const me = useQuery(meQuery());
  const resend = useMutation({
    mutationFn: resendVerification,
    onSuccess: () => toast("good", say("onItsWay")),
    onError: (error) => toast("bad", asProblem(error).message),
  });
  if (me.data?.email_verified !== false) return null;
  return (
    <div className="mb-6">
      <Notice tone="warn" title={say("pleaseConfirm")}>
        <p className="mb-3">{say("pleaseConfirmText", { email: me.data.email })}</p>
        <Button look="quiet" size="small" busy={resend.isPending} onClick={() => resend.mutate()}>
          {say("sendAgain")}
        </Button>
      </Notice>
    </div>
  );
}

/** The same switch as in the header, where people look for it. */
function LanguageForm() {
  const language = useLanguage();
  return (
    <Card className="mt-6 p-5 sm:p-6">
      <Select
        label={say("language")}
        hint={say("languageHint")}
        value={language}
        onChange={(change) => void choose(change.target.value as Language)}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </Select>
    </Card>
  );
}

function DeleteAccount() {
  const [isOpen, setOpen] = useState(false);
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: deleteAccount,
    onSuccess: async () => {
      client.clear();
      toast("info", say("deleted"));
      await navigate(to.home());
    },
  });
  return (
    <>
      <Button look="plain" className="text-bad!" onClick={() => setOpen(true)}>
        {say("deleteAccount")}
      </Button>
      <Dialog open={isOpen} title={say("deleteAsk")} onClose={() => setOpen(false)}>
        <p className="mb-4 text-soft">{say("deleteText")}</p>
        {remove.isError && (
          <Notice tone="bad" title={say("notDeleted")}>
            {asProblem(remove.error).message}
          </Notice>
        )}
        <div className="mt-4 grid gap-2 sm:grid-cols-2">
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            {say("deleteAccount")}
          </Button>
          <Button look="strong" onClick={() => setOpen(false)}>
            {say("keep")}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
