import { thumbHashToDataURL } from "thumbhash";

const known = new Map<string, string | null>();

/** A blurred placeholder as a `data:` address, from a thumbhash (base64). */
export function thumbhashAddress(hash: string): string | null {
  let address = known.get(hash);
  if (address === undefined) {
    address = decode(hash);
    known.set(hash, address);
  }
  return address;
}

function decode(hash: string): string | null {
  try {
    return thumbHashToDataURL(Uint8Array.from(atob(hash), (character) => character.charCodeAt(0)));
  } catch {
    return null; // not a hash: the picture has no placeholder
  }
}
