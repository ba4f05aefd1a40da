import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { EventDetail } from "../../api/types";
import { to } from "../../paths";
import { Ask } from "../../ui/Ask";
import { Button, buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { actOnEvent, deleteEvent } from "../api";
import { CancelEvent } from "./CancelEvent";
import { CloneEvent } from "./CloneEvent";
import { PostponeEvent } from "./PostponeEvent";

type Asked = "clone" | "cancel" | "postpone" | "delete" | "publish";

/** What can be done with an event as a whole; what can't be taken back asks first. */
export function EventActs({ event }: { event: EventDetail }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  const publish = usePublish(event, close);
  const remove = useDelete(event, close);
  const isLive = event.status === "draft" || event.status === "published";
  return (
    <>
      {isLive && (
        <Link {...to.editEvent(event.id)} className={buttonClass("quiet")}>
          <Icon name="edit" /> Change
        </Link>
      )}
      <Button look="quiet" onClick={() => setAsked("clone")}>
        <Icon name="copy" /> Clone
      </Button>
      {event.status === "draft" && (
        <>
          <Button look="danger" onClick={() => setAsked("delete")}>
            <Icon name="bin" /> Delete
          </Button>
          <Button onClick={() => setAsked("publish")}>Publish</Button>
        </>
      )}
      {event.status === "published" && (
        <>
          <Button look="quiet" onClick={() => setAsked("postpone")}>
            <Icon name="calendar" /> Postpone
          </Button>
          <Button look="danger" onClick={() => setAsked("cancel")}>
            Cancel event
          </Button>
        </>
      )}
      <Ask
        open={asked === "publish"}
        title={`Publish ${event.name}?`}
        yes="Publish it"
        no="Not yet"
        busy={publish.isPending}
        onYes={() => publish.mutate()}
        onClose={close}
      >
        <p>
          Fans see it at once{event.sales_open_at ? " and can buy when the sale opens" : " and can buy"}. A published
          event can’t become a draft again, only be cancelled.
        </p>
      </Ask>
      <Ask
        open={asked === "delete"}
        title={`Delete ${event.name}?`}
        yes="Delete it"
        no="Keep it"
        busy={remove.isPending}
        onYes={() => remove.mutate()}
        onClose={close}
      >
        <p>The draft with its dates and tickets is gone for good.</p>
      </Ask>
      <PostponeEvent event={event} open={asked === "postpone"} onClose={close} />
      <CloneEvent event={event} open={asked === "clone"} onClose={close} />
      <CancelEvent event={event} open={asked === "cancel"} onClose={close} />
    </>
  );
}

/** Forgets everything that shows an event. */
export function useEventChanged(event: number): () => void {
  const client = useQueryClient();
  return () => {
    void client.invalidateQueries({ queryKey: ["event", event] });
    void client.invalidateQueries({ queryKey: ["organise"] });
    void client.invalidateQueries({ queryKey: ["events"] });
  };
}

function usePublish(event: EventDetail, onDone: () => void) {
  const changed = useEventChanged(event.id);
  return useMutation({
    mutationFn: () => actOnEvent(event.id, "publish"),
    onSuccess: () => {
      toast("good", "Published: fans can see it now.");
      changed();
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: onDone,
  });
}

function useDelete(event: EventDetail, onDone: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => deleteEvent(event.id),
    onSuccess: async () => {
      toast("good", `${event.name} is deleted.`);
      await navigate(to.myEvents());
      void client.invalidateQueries({ queryKey: ["organise", "events"] });
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: onDone,
  });
}
