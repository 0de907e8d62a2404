import { queryOptions } from "@tanstack/react-query";
import { pageOf } from "@/api/page";
import { presetSchema } from "@/api/presets/preset";
import { api } from "@/lib/api/client";

const schema = pageOf(presetSchema);

export const presetKeys = { all: ["presets"] as const };

/** The 100 newest presets: more than anybody picks from in a menu. */
export const presetsQuery = queryOptions({
  queryKey: presetKeys.all,
  queryFn: async ({ signal }) =>
    (await api.get("/presets/", { schema, query: { page_size: 100 }, signal })).results,
});
