import { useMutation } from "@tanstack/react-query";
import { asProblem } from "../api/problem";
import { Button } from "../ui/Button";
import { Icon } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { type Cells, type FileKind, mostRows, saveRows } from "./exports";

interface Props {
  /** Of the file, without its end. */
  name: string;
  /** Fetches the rows when they are wanted. */
  load: () => Promise<readonly Cells[]>;
}

/** Saves a whole list, as a spreadsheet or for programs. */
export function ExportButtons({ name, load }: Props) {
  const saving = useMutation({
    mutationFn: async (kind: FileKind) => {
      const rows = await load();
      saveRows(name, kind, rows);
      return rows.length;
    },
    onSuccess: (count) =>
      toast(
        "good",
        count >= mostRows ? `The first ${count.toLocaleString()} rows saved.` : `${count.toLocaleString()} rows saved.`,
      ),
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <div role="group" aria-label="Save the list" className="flex gap-2">
      {(["csv", "json"] as const).map((kind) => (
        <Button
          key={kind}
          look="quiet"
          size="small"
          busy={saving.isPending && saving.variables === kind}
          disabled={saving.isPending}
          onClick={() => saving.mutate(kind)}
        >
          <Icon name="download" /> {kind.toUpperCase()}
        </Button>
      ))}
    </div>
  );
}
