/** The types of the API's description, as TypeScript. */
export function generate(): Promise<string>;
