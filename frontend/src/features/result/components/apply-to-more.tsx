"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Images } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useCreateBatch } from "@/api/batches/mutations";
import { imageChoiceQuery } from "@/api/images/queries";
import { type Image, previewOf } from "@/api/images/schema";
import { pipelineBodyOf } from "@/api/tasks/pipeline-body";
import type { Task } from "@/api/tasks/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { FormError } from "@/components/ui/field";
import { Skeleton } from "@/components/ui/skeleton";
import { cn } from "@/lib/cn";
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
  const images = useInfiniteQuery(imageChoiceQuery);
  const offered = (images.data?.pages.flatMap((page) => page.results) ?? []).filter(
    (image) => image.status === "ready" && image.id !== task.original_image,
  );
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
      {images.isPending && (
        <div className="grid grid-cols-3 gap-2 sm:grid-cols-5">
          {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((tile) => (
            <Skeleton key={tile} className="aspect-square" />
          ))}
        </div>
      )}
      {images.isError && <ErrorState query={images} />}
      {images.data && offered.length === 0 && (
        <EmptyState
          icon={<Images aria-hidden />}
          title="No other images"
          className="py-10 sm:py-10"
        >
          Upload more images in the gallery, then come back.
        </EmptyState>
      )}
      <ul aria-label="Images" className="grid grid-cols-3 gap-2 sm:grid-cols-5">
        {offered.map((image) => (
          <li key={image.id}>
            <Tile image={image} chosen={chosen.has(image.id)} onToggle={() => toggle(image.id)} />
          </li>
        ))}
      </ul>
      {images.hasNextPage && (
        <div className="mt-4 flex justify-center">
          <Button
            variant="secondary"
            size="sm"
            busy={images.isFetchingNextPage}
            onClick={() => images.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </DialogContent>
  );
}

interface TileProps {
  image: Image;
  chosen: boolean;
  onToggle: () => void;
}

function Tile({ image, chosen, onToggle }: TileProps) {
  const address = previewOf(image);
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-label={image.file_name}
      title={image.file_name}
      onClick={onToggle}
      className={cn(
        "checkered relative block aspect-square w-full overflow-hidden rounded-lg border",
        chosen && "ring-2 ring-primary ring-offset-2 ring-offset-surface",
      )}
    >
      {address && <img src={address} alt="" loading="lazy" className="size-full object-cover" />}
      {chosen && (
        <span className="absolute top-1.5 right-1.5 grid size-5 place-items-center rounded-full bg-primary text-primary-foreground">
          <Check aria-hidden className="size-3.5" />
        </span>
      )}
    </button>
  );
}
