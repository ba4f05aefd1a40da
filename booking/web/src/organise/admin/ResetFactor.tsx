import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { User } from "../../api/types";
import { Ask } from "../../ui/Ask";
import { Button } from "../../ui/Button";
import { toast } from "../../ui/Toast";
import { resetFactor } from "./api";

/** Switches off the second factor of somebody who has lost phone and recovery codes. */
export function ResetFactor({ user }: { user: User }) {
  const [isAsked, setAsked] = useState(false);
  const reset = useMutation({
    mutationFn: () => resetFactor(user.id),
    onSuccess: () => toast("good", `${user.name} signs in with the password alone now.`),
    onError: (error) => {
      const problem = asProblem(error);
      if (problem.status === 404) toast("info", `${user.name} has no second factor.`);
      else toast("bad", problem.message);
    },
    onSettled: () => setAsked(false),
  });
  return (
    <>
      <Button
        look="quiet"
        size="small"
        aria-label={`Reset the second factor of ${user.name}`}
        onClick={() => setAsked(true)}
      >
        Reset
      </Button>
      <Ask
        open={isAsked}
        title={`Reset the second factor of ${user.name}?`}
        yes="Reset it"
        no="Leave it"
        busy={reset.isPending}
        onYes={() => reset.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>
          For somebody who has lost phone and recovery codes: the password alone signs in until a new one is set up. Be
          sure who asks you.
        </p>
      </Ask>
    </>
  );
}
