/** Values of a call's address. */
export interface AddressValues {
  /** Values of the `{name}` parts of the path. */
  path?: Record<string, string | number>;
  /** Query values; empty ones are left out. */
  query?: object;
}

/** The address of a call, with its path values escaped. */
export function addressOf(template: string, values: AddressValues): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.path?.[name] ?? "")),
  );
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values.query ?? {})) {
    if (value !== undefined && value !== null && value !== "") query.set(name, String(value));
  }
  const search = query.toString();
  return search ? `${path}?${search}` : path;
}
