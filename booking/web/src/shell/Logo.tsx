/** The wordmark: a line that starts squeezed and runs free, from Archivo's narrowest to its widest cut. */
export function Logo({ className = "" }: { className?: string }) {
  const widths = [62, 68, 75, 84, 93, 103, 114, 125];
  return (
    <span
      dir="ltr"
      className={`inline-flex items-baseline text-[1.35rem] leading-none font-[880] tracking-tight ${className}`}
    >
      <span className="sr-only">Rushline</span>
      {[..."RUSHLINE"].map((letter, index) => (
        <span
          key={index}
          aria-hidden="true"
          className={index < 4 ? "text-flare-ink" : ""}
          style={{ fontStretch: `${widths[index]}%` }}
        >
          {letter}
        </span>
      ))}
    </span>
  );
}
