import { queryString } from "@/lib/url/query-string";

/** The path of every page, with a trailing slash as in the exported files. */
export const paths = {
  landing: "/",
  gallery: "/gallery/",
  dashboard: "/dashboard/",
  settings: "/settings/",
  image: "/image/",
  tasks: "/tasks/",
  batches: "/batches/",
  result: "/result/",
  login: "/login/",
  signup: "/signup/",
  forgotPassword: "/forgot/",
  resetPassword: "/reset/",
  verifyEmail: "/verify-email/",
} as const;

/** The server's documentation of its API, on the page's own origin. */
export const API_DOCS = "/api/v1/docs/";

/** The editor. @param taskId begin with the steps of this task */
export function imageAddress(id: number, taskId?: number): string {
  return paths.image + queryString({ id, task: taskId });
}

export function tasksAddress(filters: { status?: string; batch?: number }): string {
  return paths.tasks + queryString(filters);
}

export function resultAddress(taskId: number): string {
  return paths.result + queryString({ task: taskId });
}

/** @param next the address to go to after the sign-in */
export function loginAddress(next: string | null): string {
  return paths.login + queryString({ next });
}

/** @param next the address to go to after the sign-up */
export function signupAddress(next: string | null): string {
  return paths.signup + queryString({ next });
}

/** The address in `?next=` if it belongs to this page and is not the sign-in; else the gallery. */
export function addressAfterSignIn(next: string | null): string {
  const isOurs = next?.startsWith("/") && !/^\/[/\\]/.test(next) && !next.startsWith("/login");
  return isOurs ? (next as string) : paths.gallery;
}
