/** Keys of cached answers; `all` is the beginning of every one. */
export const imageKeys = {
  all: ["images"] as const,
  lists: () => [...imageKeys.all, "list"] as const,
  list: (filters: object) => [...imageKeys.lists(), filters] as const,
  detail: (id: number) => [...imageKeys.all, "detail", id] as const,
};
