import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Endpoint } from "../../api/types";
import { Ask } from "../../ui/Ask";
import { Button } from "../../ui/Button";
import { Badge, Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { timeText } from "../../ui/time";
import { Deliveries } from "./Deliveries";
import { EndpointForm } from "./EndpointForm";
import { SecretNote } from "./SecretNote";
import { changeWebhook, deleteWebhook, pingWebhook, renewSecret, webhooksQuery } from "./api";
import { hostOf, stateOf, troubleOf } from "./rules";

type Open = "edit" | "secret" | "delete" | "deliveries" | null;

/** One endpoint: how it fares, what it hears, and all that can be done with it. */
export function EndpointCard({ endpoint }: { endpoint: Endpoint }) {
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const acts = useActs(endpoint, () => setOpen(null));
  const state = stateOf(endpoint);
  const host = hostOf(endpoint.url);
  const trouble = troubleOf(endpoint, (instant) => timeText(instant, "short"));
  const close = () => setOpen(null);
  return (
    <Card className="grid gap-4 p-5">
      <div className="min-w-0">
        <h2 className="flex flex-wrap items-center gap-2.5 font-bold">
          <span className="wrap-anywhere">{endpoint.description || host}</span>
          <Badge tone={state.tone}>{state.text}</Badge>
        </h2>
        <p className="font-mono text-sm break-all text-soft">{endpoint.url}</p>
        <p className="mt-2 text-sm">{endpoint.kinds.join(" · ")}</p>
        {trouble && <p className="mt-2 text-sm text-warn">{trouble}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button look="strong" size="small" busy={acts.ping.isPending} onClick={() => acts.ping.mutate()}>
          <Icon name="send" /> Send a test
        </Button>
        <Button look="quiet" size="small" onClick={() => setOpen("deliveries")}>
          Deliveries
        </Button>
        <Button look="quiet" size="small" busy={acts.pause.isPending} onClick={() => acts.pause.mutate()}>
          {endpoint.state === "enabled" ? "Pause" : "Switch on"}
        </Button>
        <Button look="quiet" size="small" onClick={() => setOpen("edit")}>
          Change
        </Button>
        <Button look="quiet" size="small" onClick={() => setOpen("secret")}>
          New secret
        </Button>
        <Button look="danger" size="small" onClick={() => setOpen("delete")}>
          <Icon name="bin" /> Delete
        </Button>
      </div>
      <Dialog open={open === "edit"} title={`Change ${host}`} onClose={close}>
        <EndpointForm endpoint={endpoint} onSave={acts.save} />
      </Dialog>
      <Dialog open={open === "deliveries"} title={`Deliveries to ${host}`} onClose={close} full>
        <Deliveries endpoint={endpoint} />
      </Dialog>
      <Dialog open={secret !== null} title="The new secret" onClose={() => setSecret(null)}>
        {secret && <SecretNote secret={secret} onDone={() => setSecret(null)} />}
      </Dialog>
      <Ask
        open={open === "secret"}
        title="Make a new secret?"
        yes="Make a new one"
        no="Keep the present one"
        busy={acts.renew.isPending}
        onYes={() => acts.renew.mutate(undefined, { onSuccess: (made) => setSecret(made.secret) })}
        onClose={close}
      >
        <p>For 24 hours messages are signed with both, so that your receiver has time to change.</p>
      </Ask>
      <Ask
        open={open === "delete"}
        title={`Delete ${host}?`}
        yes="Delete it"
        no="Keep it"
        busy={acts.remove.isPending}
        onYes={() => acts.remove.mutate()}
        onClose={close}
      >
        <p>It hears nothing more, and its deliveries are forgotten.</p>
      </Ask>
    </Card>
  );
}

function useActs(endpoint: Endpoint, onDone: () => void) {
  const client = useQueryClient();
  const { id } = endpoint;
  const refresh = () => client.invalidateQueries({ queryKey: webhooksQuery().queryKey });
  const onError = (error: unknown) => toast("bad", asProblem(error).message);
  const done = (said: string) => async () => {
    toast("good", said);
    onDone();
    await refresh();
  };
  const isOn = endpoint.state === "enabled";
  return {
    ping: useMutation({
      mutationFn: () => pingWebhook(id),
      onSuccess: done("A test is on its way: see the deliveries."),
      onError,
    }),
    pause: useMutation({
      mutationFn: () => changeWebhook(id, { paused: isOn }),
      onSuccess: done(isOn ? "It is paused." : "It is on."),
      onError,
    }),
    renew: useMutation({
      mutationFn: () => renewSecret(id),
      onSuccess: done("The new secret signs from now on."),
      onError,
    }),
    remove: useMutation({ mutationFn: () => deleteWebhook(id), onSuccess: done("It is deleted."), onError }),
    save: async (values: Parameters<typeof changeWebhook>[1]) => {
      await changeWebhook(id, values);
      await done("It is changed.")();
    },
  };
}
