import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { newKey } from "../api/ids";
import { asProblem } from "../api/problem";
import type { Ticket } from "../api/types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { ticketQuery, transferTicket } from "./api";
import { say } from "./words";

/** Gives a ticket to somebody else by e-mail. */
export function TransferTicket({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [email, setEmail] = useState("");
  const transfer = useMutation({
    mutationFn: () => transferTicket(ticket.code, email, newKey()),
    onSuccess: () => {
      setOpen(false);
      toast("good", say("sent", { email }));
      void client.invalidateQueries({
        queryKey: ticketQuery(ticket.code).queryKey,
      });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    transfer.mutate();
  };
  return (
    <>
      <Button look="plain" onClick={() => setOpen(true)}>
        <Icon name="send" /> {say("give")}
      </Button>
      <Dialog open={isOpen} title={say("give")} onClose={() => setOpen(false)}>
        <form onSubmit={submit} className="grid gap-4">
          <p className="text-soft">{say("giveText")}</p>
          {transfer.isError && (
            <Notice tone="bad" title={say("notSent")}>
              {asProblem(transfer.error).message}
            </Notice>
          )}
          <Field
            label={say("theirEmail")}
            type="email"
            required
            autoComplete="off"
            value={email}
            onChange={(change) => setEmail(change.target.value)}
          />
          <Button type="submit" busy={transfer.isPending}>
            {say("sendOffer")}
          </Button>
        </form>
      </Dialog>
    </>
  );
}
