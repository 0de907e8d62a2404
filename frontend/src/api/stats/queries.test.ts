import { QueryClient } from "@tanstack/react-query";
import { expect, it } from "vitest";
import { fakeServer, json } from "@/test/server";
import { statsQuery } from "./queries";

const COUNTS = { PENDING: 1, IN_PROGRESS: 2, SUCCESS: 3, FAILED: 4, CANCELLED: 5 };

it("has one flat entry for each day, for the chart", async () => {
  fakeServer(() =>
    json({
      images: 3,
      bytes: 12_345,
      tasks: {
        since: "2026-02-01T00:00:00Z",
        by_status: COUNTS,
        by_day: [{ day: "2026-03-01", tasks: COUNTS }],
      },
      operations: [{ operation: "resize", count: 15 }],
      seconds: { measured: 3, median: 0.4, percentile_95: 1.2 },
      computed_at: "2026-03-02T00:00:00Z",
    }),
  );
  const { tasks } = await new QueryClient().fetchQuery(statsQuery);
  expect(tasks.by_day).toEqual([{ date: "2026-03-01", ...COUNTS }]);
});
