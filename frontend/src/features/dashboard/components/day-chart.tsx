"use client";

import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Stats } from "@/api/stats/schema";
import { TASK_STATUSES } from "@/api/tasks/schema";
import { statusLabel } from "@/components/tasks/status-badge";
import { CHART_COLORS } from "./chart-colors";

type Day = Stats["tasks"]["by_day"][number];

/** The tasks of each day, stacked by status. */
export default function DayChart({ days }: { days: readonly Day[] }) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={[...days]} margin={{ top: 4, right: 0, bottom: 0, left: -24 }}>
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="date"
          tickFormatter={short}
          tickLine={false}
          axisLine={false}
          minTickGap={28}
          tick={{ fill: "var(--muted-foreground)", fontSize: 12 }}
        />
        <YAxis
          allowDecimals={false}
          tickLine={false}
          axisLine={false}
          tick={{ fill: "var(--muted-foreground)", fontSize: 12 }}
        />
        <Tooltip
          cursor={{ fill: "var(--muted)" }}
          labelFormatter={(label) => short(String(label))}
          contentStyle={{
            background: "var(--surface)",
            border: "1px solid var(--border)",
            borderRadius: 12,
            fontSize: 12,
          }}
        />
        {TASK_STATUSES.map((status) => (
          <Bar
            key={status}
            dataKey={status}
            name={statusLabel(status)}
            stackId="day"
            fill={CHART_COLORS[status]}
            maxBarSize={28}
            isAnimationActive={false}
          />
        ))}
      </BarChart>
    </ResponsiveContainer>
  );
}

function short(date: string): string {
  return new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" }).format(
    new Date(`${date.slice(0, 10)}T00:00:00Z`),
  );
}
