import { queryOptions } from "@tanstack/react-query";
import { cursorAfter, pageOf } from "@/api/page";
import { type Preset, presetSchema } from "@/api/presets/schema";
import { api } from "@/lib/api/client";

const schema = pageOf(presetSchema);

/** All presets, newest first. A preset that no menu shows could be neither used nor deleted. */
export const presetsQuery = queryOptions({
  queryKey: ["presets"],
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
