/** Keys of cached answers; `all` is the beginning of every one. */
export const taskKeys = {
  all: ["tasks"] as const,
  lists: () => [...taskKeys.all, "list"] as const,
  list: (filters: object) => [...taskKeys.lists(), filters] as const,
  detail: (id: number) => [...taskKeys.all, "detail", id] as const,
};
