/** The sections in order. Their ids are anchors to which pages and mails may link. */
export const SECTIONS = [
  { id: "profile", title: "Profile" },
  { id: "password", title: "Password" },
  { id: "api-keys", title: "API keys" },
  { id: "webhooks", title: "Webhooks" },
  { id: "presets", title: "Presets" },
  { id: "delete-account", title: "Delete account" },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];
