"use client";

import { Images } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useCreateBatch } from "@/api/batches/mutations";
import { pipelineBodyOf } from "@/api/tasks/pipeline-body";
import type { Task } from "@/api/tasks/schema";
import { ImageChoice } from "@/components/picture/image-choice";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { FormError } from "@/components/ui/field";
import { explain } from "@/lib/errors/explain";
import { plural } from "@/lib/format";
import { tasksAddress } from "@/lib/routes";
import { toast } from "@/lib/toast";
import { useConfig } from "@/lib/use-config";

/** A dialog that applies the same steps to other images, as a batch. */
export function ApplyToMore({ task }: { task: Task }) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="secondary">
          <Images aria-hidden />
          Apply to more images
        </Button>
      </DialogTrigger>
      {open && <Choice task={task} onDone={() => setOpen(false)} />}
    </Dialog>
  );
}

function Choice({ task, onDone }: { task: Task; onDone: () => void }) {
  const router = useRouter();
  const { maxBatchImages } = useConfig();
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const create = useCreateBatch();
  const toggle = (id: number) =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) {
        next.add(id);
      }
      return next;
    });
  const apply = () =>
    create.mutate(
      { image_ids: [...chosen], ...pipelineBodyOf(task) },
      {
        onSuccess: (batch) => {
          onDone();
          toast.success(`Applying the steps to ${plural(batch.total, "image")}`);
          router.push(tasksAddress({ batch: batch.id }));
        },
      },
    );
  return (
    <DialogContent
      title="Apply the same steps"
      description="Choose images. Each one becomes a task of a new batch."
      className="max-w-2xl"
      footer={
        <>
          <span className="self-center text-muted-foreground text-sm sm:mr-auto">
            {chosen.size > maxBatchImages
              ? `${plural(chosen.size, "image")} chosen; at most ${maxBatchImages} at a time`
              : `${plural(chosen.size, "image")} chosen`}
          </span>
          <Button
            onClick={apply}
            busy={create.isPending}
            disabled={chosen.size === 0 || chosen.size > maxBatchImages}
          >
            Apply
          </Button>
        </>
      }
    >
      <FormError>{create.error ? explain(create.error).detail : null}</FormError>
      <ImageChoice
        isChosen={(id) => chosen.has(id)}
        onPress={({ id }) => toggle(id)}
        except={task.original_image ?? undefined}
      />
    </DialogContent>
  );
}
