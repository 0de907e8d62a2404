import type { ReactNode } from "react";
import type { Image } from "@/api/images/schema";
import type { Result } from "@/api/results/schema";
import { secondsOf, type Task } from "@/api/tasks/schema";
import { Section } from "@/components/ui/card";
import { Note } from "@/components/ui/note";
import { formatBytes, formatDateTime, formatSeconds, titleOf } from "@/lib/format";

interface ResultFactsProps {
  task: Task;
  result: Result;
  source: Image | undefined;
}

/** Facts about the result and its source image, and the steps. */
export function ResultFacts({ task, result, source }: ResultFactsProps) {
  const { width, height, size_bytes: bytes, format, frames, quality } = result.metadata;
  const before = source?.metadata;
  const took = secondsOf(task);
  return (
    <>
      <Section title="Facts">
        <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
          <Fact name="Size">
            {width} × {height} px
            {before?.width && (
              <Was>
                {before.width} × {before.height}
              </Was>
            )}
          </Fact>
          <Fact name="File">
            {bytes !== undefined && formatBytes(bytes)}
            {bytes !== undefined && before?.size_bytes && (
              <Was>
                {formatBytes(before.size_bytes)}, {change(before.size_bytes, bytes)}
              </Was>
            )}
          </Fact>
          <Fact name="Format">
            {format}
            {typeof quality === "number" && <span> at quality {quality}</span>}
            {before?.format && before.format !== format && <Was>{before.format}</Was>}
          </Fact>
          {frames !== undefined && frames > 1 && <Fact name="Frames">{frames}</Fact>}
          {took !== null && <Fact name="Took">{formatSeconds(took)}</Fact>}
          <Fact name="Made">{formatDateTime(result.created_at)}</Fact>
        </dl>
        {task.warnings.map((warning) => (
          <Note key={warning.code} tone="warning" className="mt-3">
            {warning.detail}
          </Note>
        ))}
      </Section>
      {task.transformations.length > 0 && (
        <Section title="Steps">
          <ol className="flex flex-col gap-2.5 text-sm">
            {task.transformations.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a finished pipeline never changes
              <li key={index} className="flex gap-3">
                <span className="w-4 shrink-0 text-right text-muted-foreground tabular-nums">
                  {index + 1}
                </span>
                <div className="min-w-0">
                  <p className="font-medium">{titleOf(step.operation)}</p>
                  <p className="break-words text-muted-foreground text-xs">{values(step.params)}</p>
                </div>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Was({ children }: { children: ReactNode }) {
  return <span className="block text-muted-foreground text-xs">was {children}</span>;
}

function change(before: number, after: number): string {
  const percent = Math.round((after / before - 1) * 100);
  return percent <= 0 ? `${-percent} % less` : `${percent} % more`;
}

function values(params: Record<string, unknown>): string {
  return Object.entries(params)
    .map(([name, value]) => `${name.replaceAll("_", " ")} ${text(value)}`)
    .join(", ");
}

function text(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
