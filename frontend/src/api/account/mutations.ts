import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { userQuery } from "@/api/account/queries";
import { detailSchema, registrationSchema, sessionSchema, userSchema } from "@/api/account/schema";
import type { PatchedUserRequestWritable } from "@/api/generated";
import { api } from "@/lib/api/client";
import { toastError } from "@/lib/errors/toast-error";
import { dropPrivateState } from "@/lib/session/private-state";
import { endSession } from "@/lib/session/store";
import { toast } from "@/lib/toast";
import { useConfig } from "@/lib/use-config";

/** Keep no password in memory after the request, and report a lost connection at once. */
const SECRET = { gcTime: 0, networkMode: "always" } as const;
/** Have the server put the tokens into cookies. */
const COOKIES = { "X-Auth-Mode": "cookie" };

export function useSignIn() {
  return useMutation({
    ...SECRET,
    /** @param login user name or e-mail address */
    mutationFn: ({ login, password }: { login: string; password: string }) =>
      api.post("/auth/login/", {
        schema: sessionSchema,
        body: { username: login, password },
        headers: COOKIES,
        anonymous: true,
      }),
  });
}

export function useSignUp() {
  return useMutation({
    ...SECRET,
    mutationFn: (body: { email: string; password: string }) =>
      api.post("/auth/registration/", {
        schema: registrationSchema,
        body,
        headers: COOKIES,
        anonymous: true,
      }),
  });
}

/** End the session here and on the server. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    ...SECRET,
    mutationFn: async () => {
      await api.raw("POST", "/auth/logout/", { body: {}, anonymous: true });
      leaveSession(queries);
    },
    onError: (error) => toastError(error, "You are still signed in"),
  });
}

/** Delete the account and everything in it. This ends the session. */
export function useDeleteAccount() {
  const queries = useQueryClient();
  return useMutation({
    ...SECRET,
    mutationFn: async (password: string) => {
      await api.delete("/auth/user/", { body: { password } });
      leaveSession(queries);
    },
  });
}

function leaveSession(queries: QueryClient): void {
  dropPrivateState();
  endSession("signed_out");
  queries.clear();
}

export function useChangeProfile() {
  const queries = useQueryClient();
  return useMutation({
    ...SECRET,
    mutationFn: (body: PatchedUserRequestWritable) =>
      api.patch("/auth/user/", { schema: userSchema, body }),
    onSuccess: (user) => queries.setQueryData(userQuery.queryKey, user),
  });
}

/** Change the password. The server ends every other session of this user. */
export function useChangePassword() {
  return useMutation({
    ...SECRET,
    mutationFn: ({ old, chosen }: { old: string; chosen: string }) =>
      api.post("/auth/password/change/", {
        schema: detailSchema,
        body: { old_password: old, new_password1: chosen, new_password2: chosen },
      }),
  });
}

/** Have a reset link mailed. The answer is the same whether or not the account exists. */
export function useRequestPasswordReset() {
  return useMutation({
    ...SECRET,
    mutationFn: (email: string) => postAddress("/auth/password/reset/", email),
  });
}

/** Have another mail written with a link that confirms the address. */
export function useResendVerification() {
  const { mailFolder } = useConfig();
  return useMutation({
    ...SECRET,
    mutationFn: (email: string) => postAddress("/auth/registration/resend-email/", email),
    onSuccess: () =>
      mailFolder === null
        ? toast.success("A new link is on its way", { description: "Check your e-mail." })
        : toast.success("There is a new link", {
            description: `Open the newest file in ${mailFolder}.`,
          }),
    onError: (error) => toastError(error, "There is no new link"),
  });
}

function postAddress(path: string, email: string) {
  return api.post(path, { schema: detailSchema, body: { email }, anonymous: true });
}

/** Set a new password. `uid` and `token` are from the link in the mail. */
export function useResetPassword() {
  return useMutation({
    ...SECRET,
    mutationFn: ({ uid, token, password }: Record<"uid" | "token" | "password", string>) =>
      api.post("/auth/password/reset/confirm/", {
        schema: detailSchema,
        body: { uid, token, new_password1: password, new_password2: password },
        anonymous: true,
      }),
  });
}

export function useVerifyEmail() {
  return useMutation({
    ...SECRET,
    /** @param key from the link in the mail */
    mutationFn: (key: string) =>
      api.post("/auth/registration/verify-email/", {
        schema: detailSchema,
        body: { key },
        anonymous: true,
      }),
  });
}
