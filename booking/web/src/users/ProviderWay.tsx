import { useQuery } from "@tanstack/react-query";
import { buttonClass } from "../ui/Button";
import { providerQuery, startAddress } from "./oidc";
import { say } from "./words";

/** The way in by another provider's account, where the operator offers one. A plain link: the browser leaves the shop. */
export function ProviderWay({ next }: { next: string | undefined }) {
  const provider = useQuery(providerQuery()).data;
  if (!provider?.enabled || !provider.start_url) return null;
  return (
    <a href={startAddress(provider.start_url, next)} className={buttonClass("quiet", "large", "mt-4 w-full")}>
      {say("continueWith", { name: provider.name ?? "OpenID" })}
    </a>
  );
}
