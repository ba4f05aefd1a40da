import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Listed } from "../Listed";
import { EndpointCard } from "./EndpointCard";
import { EndpointForm } from "./EndpointForm";
import { SecretNote } from "./SecretNote";
import { addWebhook, webhooksQuery } from "./api";

/** Addresses of other programs that are told what happens. */
export function WebhooksPage() {
  useTitle("Webhooks");
  const client = useQueryClient();
  const webhooks = useQuery(webhooksQuery());
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const listed = webhooks.data ?? [];
  const close = () => {
    setAdding(false);
    setSecret(null);
  };
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Webhooks</h1>
        <Button onClick={() => setAdding(true)}>
          <Icon name="plus" /> New webhook
        </Button>
      </div>
      <p className="max-w-prose text-soft">
        Another program hears of your events the moment something happens: your mailing list, your books, your app. Each
        message is signed, and sent again until it arrives.
      </p>
      <Listed
        query={webhooks}
        what="the webhooks"
        isEmpty={listed.length === 0}
        empty={{ title: "No webhooks yet", says: "Add the address of a program that shall be told." }}
      >
        <ul className="grid grid-cols-1 gap-4">
          {listed.map((endpoint) => (
            <li key={endpoint.id}>
              <EndpointCard endpoint={endpoint} />
            </li>
          ))}
        </ul>
      </Listed>
      <Dialog open={isAdding} title={secret === null ? "New webhook" : "Its secret"} onClose={close}>
        {secret === null ? (
          <EndpointForm
            onSave={async (values) => {
              const made = await addWebhook(values);
              setSecret(made.secret);
              await client.invalidateQueries({ queryKey: webhooksQuery().queryKey });
            }}
          />
        ) : (
          <SecretNote secret={secret} onDone={close} />
        )}
      </Dialog>
    </div>
  );
}
