import { queryOptions } from "@tanstack/react-query";
import { pageOf } from "@/api/page";
import { api } from "@/lib/api/client";
import { apiKeySchema } from "./api-key";

const schema = pageOf(apiKeySchema);

/** All of them: the service allows fewer than fit on a page. */
export const apiKeysQuery = queryOptions({
  queryKey: ["api-keys"],
  queryFn: async ({ signal }) =>
    (await api.get("/auth/api-keys/", { schema, query: { page_size: 100 }, signal })).results,
});
