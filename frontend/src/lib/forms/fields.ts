import { z } from "@/lib/zod";

export const emailAddress = z.email("Enter an e-mail address, like name@example.com.");

export const newPassword = z
  .string()
  .min(1, "Choose a password.")
  .max(128, "At most 128 characters.");

export const webAddress = z.url({
  protocol: /^https?$/,
  error: "Enter an address that begins with https:// or http://.",
});
