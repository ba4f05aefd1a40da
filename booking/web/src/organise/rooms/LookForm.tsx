import { type ChangeEvent, useState } from "react";
import type { Room, Theme } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Field, TextArea } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { LookPreview } from "./LookPreview";
import { SettingsForm } from "./SettingsForm";
import { logoLenMax, textOn } from "./look";

/** The colours of a room without its own. */
const plain = { brand: "#ff5a36", header: "#17131f" } as const;

/** How the line's page looks, with a preview beside it. */
export function LookForm({ room }: { room: Room }) {
  const [theme, setTheme] = useState<Theme>(room.theme);
  const change = (part: Theme) => setTheme({ ...theme, ...part });
  return (
    <div className="grid items-start gap-8 lg:grid-cols-[1fr_20rem]">
      <SettingsForm room={room} read={() => ({ theme: withoutBlanks(theme) })}>
        {(errorOf) => (
          <>
            <Field
              label="Who sells"
              value={theme.name ?? ""}
              maxLength={60}
              hint="In place of our name; read out in place of the logo."
              error={errorOf("theme/name")}
              onChange={(event) => change({ name: event.target.value })}
            />
            <LogoField theme={theme} error={errorOf("theme/logo")} onChange={(logo) => change({ logo })} />
            <div className="grid gap-5 sm:grid-cols-2">
              <ColourField label="Button and bar" name="brand" {...{ theme, change }} error={errorOf("theme/brand")} />
              <ColourField
                label="Behind the name"
                name="header"
                {...{ theme, change }}
                error={errorOf("theme/header")}
              />
            </div>
            <TextArea
              label="What the house has to say"
              value={theme.text ?? ""}
              maxLength={1000}
              hint="Rules of entry, for instance. Stands below the line for everybody, all the time."
              error={errorOf("theme/text")}
              onChange={(event) => change({ text: event.target.value })}
            />
          </>
        )}
      </SettingsForm>
      <LookPreview room={room} theme={theme} />
    </div>
  );
}

const withoutBlanks = (theme: Theme): Theme =>
  Object.fromEntries(Object.entries(theme).filter(([, value]) => typeof value === "string" && value.trim() !== ""));

interface LogoProps {
  theme: Theme;
  error: string | undefined;
  onChange: (logo: string) => void;
}

/** An address, or a small picture that travels in the page. */
function LogoField({ theme, error, onChange }: LogoProps) {
  const isData = theme.logo?.startsWith("data:") ?? false;
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    if (!file) return;
    const reader = new FileReader();
    reader.onload = () => {
      const data = String(reader.result);
      if (data.length <= logoLenMax) onChange(data);
      else
        toast(
          "bad",
          "This picture is too large to travel in the page. Take one of at most 12 KB, or give its address.",
        );
    };
    reader.readAsDataURL(file);
  };
  return (
    <div className="grid gap-3">
      {isData ? (
        <div>
          <p className="text-sm font-semibold">Logo</p>
          <p className="text-sm text-soft">
            A picture of {Math.ceil((theme.logo?.length ?? 0) / 1366)} KB that travels in the page.
          </p>
        </div>
      ) : (
        <Field
          label="Logo"
          value={theme.logo ?? ""}
          placeholder="https://example.org/logo.svg"
          hint="An https address, or a path of this site."
          error={error}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      <div className="flex flex-wrap items-center gap-3">
        <label className="text-sm">
          <span className="font-semibold">Or choose a picture</span> (PNG, JPEG, WebP or SVG, up to 12 KB)
          <input
            type="file"
            accept="image/png,image/jpeg,image/webp,image/svg+xml"
            onChange={choose}
            className="mt-1 block max-w-full text-sm file:me-3 file:min-h-9 file:rounded-md file:border file:border-control file:bg-card file:px-3 file:text-ink"
          />
        </label>
        {theme.logo && (
          <Button look="plain" size="small" onClick={() => onChange("")}>
            No logo
          </Button>
        )}
      </div>
      {isData && error && <p className="text-sm font-medium text-bad">{error}</p>}
    </div>
  );
}

interface ColourProps {
  label: string;
  name: "brand" | "header";
  theme: Theme;
  error: string | undefined;
  change: (part: Theme) => void;
}

function ColourField({ label, name, theme, error, change }: ColourProps) {
  const own = theme[name];
  const value = own || plain[name];
  return (
    <div className="grid content-start gap-2">
      <label className="grid gap-1.5 text-sm font-semibold">
        {label}
        <input
          type="color"
          value={value}
          onChange={(event) => change({ [name]: event.target.value })}
          className="h-11 w-full rounded-md border border-control bg-card p-1"
        />
      </label>
      {own && (
        <Button look="plain" size="small" className="justify-self-start" onClick={() => change({ [name]: null })}>
          Ours again
        </Button>
      )}
      {(error || textOn(value) === null) && (
        <p className="text-sm font-medium text-bad">
          {error ?? "Neither dark nor light text can be read on this colour. Make it darker or lighter."}
        </p>
      )}
    </div>
  );
}
