export type QueryValues = Record<string, string | number | boolean | null | undefined>;

/** `?name=value&...`, without the values that are null, undefined or empty; "" if none is left. */
export function queryString(values: QueryValues): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null && value !== "") {
      query.set(name, String(value));
    }
  }
  const text = query.toString();
  return text && `?${text}`;
}
