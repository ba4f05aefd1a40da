import { useMutation } from "@tanstack/react-query";
import { download } from "../api/client";
import { asProblem } from "../api/problem";
import { Button } from "./Button";
import { Icon, type IconName } from "./Icon";
import { toast } from "./Toast";

interface Props {
  address: string;
  fileName: string;
  icon: IconName;
  text: string;
}

/** Saves a file that only its owner may fetch. */
export function DownloadButton({ address, fileName, icon, text }: Props) {
  const saving = useMutation({
    mutationFn: () => download(address, fileName),
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <Button look="quiet" busy={saving.isPending} onClick={() => saving.mutate()}>
      {!saving.isPending && <Icon name={icon} />} {text}
    </Button>
  );
}
