import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { asProblem } from "../api/problem";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { AskLink } from "./AskLink";
import { EmailField, HaveAccount, NameField } from "./fields";
import { FormPage, FormProblem, useForm } from "./form";
import { beginAsGuest, type GuestLink, openGuestLink, readGuestLink } from "./guests";
import { useAccount } from "./session";
import { say } from "./words";

/** For guests: where the links of their mails lead, and without a link where they begin. */
export function GuestPage() {
  const link = useGuestLink();
  const { next } = useSearch({ from: "/guest" });
  if (link !== null) return <OpenLink key={link.token} link={link} />;
  return next === undefined ? <NoLink title={say("incomplete")} text={say("copyAll")} /> : <BeginAsGuest next={next} />;
}

/** The link of the address, which is taken out of the address bar and the history. */
function useGuestLink(): GuestLink | null {
  const [link, setLink] = useState(() => readGuestLink(window.location.hash));
  useEffect(() => {
    const take = () => {
      const found = readGuestLink(window.location.hash);
      if (found === null) return;
      setLink(found);
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
    };
    take();
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return link;
}

function OpenLink({ link }: { link: GuestLink }) {
  useTitle(say("yourBooking"));
  const client = useQueryClient();
  const navigate = useNavigate();
  const { user } = useAccount();
  const [isSure, setSure] = useState(false);
  const opening = useQuery({
    queryKey: ["guest-link", link.token, isSure],
    queryFn: () => openGuestLink(link, isSure),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const isOpen = opening.data === "open";
  useEffect(() => {
    if (!isOpen) return;
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "guest-link" });
    void navigate({ ...(link.booking === null ? to.bookings() : to.booking(link.booking)), replace: true });
  }, [isOpen, client, navigate, link.booking]);

  if (opening.isError) {
    return asProblem(opening.error).slug === "link-expired" ? (
      <NoLink title={say("linkOver")} text={say("linkOverText")} />
    ) : (
      <ErrorState level={1} error={opening.error} onRetry={() => void opening.refetch()} />
    );
  }
  if (opening.data !== "ask") {
    return (
      <FormPage title={say("yourBooking")}>
        <Loading what={say("yourBooking")}>
          <Skeleton className="h-40" />
        </Loading>
      </FormPage>
    );
  }
  return (
    <FormPage title={say("yourBooking")}>
      <Notice tone="warn" title={say("signedInAs", { name: user?.name ?? "" })}>
        {say("signedInAsText")}
      </Notice>
      <div className="mt-6 grid gap-3">
        <Button size="large" onClick={() => setSure(true)}>
          {say("openBooking")}
        </Button>
        <Link {...to.bookings()} className={buttonClass("quiet", "large")}>
          {say("staySignedIn")}
        </Link>
      </div>
    </FormPage>
  );
}

/** The link opens nothing: where the tickets can be found instead. */
function NoLink({ title, text }: { title: string; text: string }) {
  useTitle(say("yourBooking"));
  return (
    <FormPage title={say("yourBooking")}>
      <Notice tone="warn" title={title}>
        {text}
      </Notice>
      <section aria-labelledby="new-link" className="mt-8">
        <h2 id="new-link" className="heading mb-4 text-xl">
          {say("newLink")}
        </h2>
        <AskLink />
      </section>
      <div className="mt-8 grid gap-3 border-t-2 border-dashed border-line pt-6">
        <Link {...to.bookings()} className={buttonClass("quiet", "large")}>
          {say("myTickets")}
        </Link>
      </div>
    </FormPage>
  );
}

function BeginAsGuest({ next }: { next: string }) {
  useTitle(say("asGuest"));
  const navigate = useNavigate();
  const { status } = useAccount();
  const form = useForm((value) => beginAsGuest(value("name").trim(), value("email").trim()));
  useEffect(() => {
    if (status === "signed-in") void navigate({ href: next, replace: true });
  }, [status, navigate, next]);
  return (
    <FormPage title={say("asGuest")}>
      <form onSubmit={form.submit} className="grid gap-5">
        <p className="text-soft">{say("asGuestText")}</p>
        <FormProblem problem={form.problem} />
        <NameField form={form} />
        <EmailField form={form} isAccount={false} hint={say("guestEmailHint")} />
        <Button type="submit" size="large" busy={form.isBusy}>
          {say("goOn")}
        </Button>
        <HaveAccount next={next} />
      </form>
    </FormPage>
  );
}
