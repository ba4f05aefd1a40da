import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../../users/form";
import { revokePlace } from "./api";

/** Takes one visitor out of the line or the shop. */
export function RevokeForm({ room }: { room: Room }) {
  const [place, setPlace] = useState("");
  const [isAsking, setAsking] = useState(false);
  const revoke = useMutation({
    mutationFn: () => revokePlace(room.id, place.trim()),
    onSuccess: () => {
      toast("good", "The place is gone, and its admission with it.");
      setPlace("");
    },
    onSettled: () => setAsking(false),
  });
  return (
    <form
      className="grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        setAsking(true);
      }}
    >
      <FormProblem problem={revoke.isError ? asProblem(revoke.error) : null} />
      <Field
        label="Id of the place"
        required
        pattern="[0-9a-fA-F\-]{32,36}"
        title="a UUID, as in the admission token’s sub"
        value={place}
        onChange={(event) => setPlace(event.target.value)}
        hint="The shop’s log and the admission token (sub) name it. An admission ends with its place, in the shop too."
        className="max-w-xl"
      />
      <Button type="submit" look="danger" className="justify-self-start">
        Take the place away
      </Button>
      <Dialog open={isAsking} title="Take this place away?" onClose={() => setAsking(false)}>
        <p className="mb-5 text-soft">
          Whoever holds it leaves the line or the shop at once and can only join again at the end. This can’t be undone.
        </p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Take it away
          </Button>
          <Button look="strong" onClick={() => setAsking(false)}>
            Leave it
          </Button>
        </div>
      </Dialog>
    </form>
  );
}
