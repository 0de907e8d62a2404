import { queryOptions } from "@tanstack/react-query";
import { cursorAfter, pageOf } from "@/api/page";
import { type Preset, presetSchema } from "@/api/presets/preset";
import { api } from "@/lib/api/client";

const schema = pageOf(presetSchema);

export const presetKeys = { all: ["presets"] as const };

/** All of them, newest first: what is in no menu can be neither used nor deleted. */
export const presetsQuery = queryOptions({
  queryKey: presetKeys.all,
  queryFn: async ({ signal }) => {
    const presets: Preset[] = [];
    let cursor: string | undefined;
    do {
      const query = { page_size: 100, cursor };
      const page = await api.get("/presets/", { schema, query, signal });
      presets.push(...page.results);
      cursor = cursorAfter(page);
    } while (cursor);
    return presets;
  },
});
