export const HOME = "/gallery/";

/** The page that `?next=` asks for, if it is one of ours, else the gallery. */
export function returnTo(next: string | null): string {
  const ours = next?.startsWith("/") && !/^\/[/\\]/.test(next) && !next.startsWith("/login");
  return ours ? (next as string) : HOME;
}

/** The sign-in page that leads back to where somebody is. */
export function signInAt(path: string): string {
  return `/login/?next=${encodeURIComponent(path)}`;
}
