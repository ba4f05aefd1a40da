import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";

/** A secret that is shown this once. */
export function SecretNote({ secret, onDone }: { secret: string; onDone: () => void }) {
  const copy = () =>
    void navigator.clipboard.writeText(secret).then(
      () => toast("good", "The secret is in the clipboard."),
      () => toast("bad", "Copy it by hand: this browser keeps the clipboard closed."),
    );
  return (
    <div className="grid gap-4">
      <Notice tone="warn" title="Keep it now: it is not shown again">
        Your receiver checks with it that messages come from here.
      </Notice>
      <p className="rounded-md bg-sunk p-3 font-mono text-sm break-all select-all">{secret}</p>
      <div className="grid gap-2 sm:grid-cols-2">
        <Button look="quiet" onClick={copy}>
          <Icon name="copy" /> Copy
        </Button>
        <Button look="strong" onClick={onDone}>
          I have kept it
        </Button>
      </div>
    </div>
  );
}
