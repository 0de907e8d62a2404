/** The id in a value of an address; null if the value is absent or no id. */
export function readId(text: string | null): number | null {
  return text && /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}
