/** In the order of the page; the ids are anchors that other pages and mails may link to. */
export const SECTIONS = [
  { id: "profile", title: "Profile" },
  { id: "password", title: "Password" },
  { id: "api-keys", title: "API keys" },
  { id: "webhooks", title: "Webhooks" },
  { id: "presets", title: "Presets" },
  { id: "delete-account", title: "Delete account" },
] as const;

export type SectionId = (typeof SECTIONS)[number]["id"];
