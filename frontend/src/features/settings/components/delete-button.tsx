"use client";

import type { UseMutationResult } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { IconButton } from "@/components/ui/icon-button";
import { toastError } from "@/lib/errors/toast-error";

interface DeleteButtonProps {
  /** The name of the thing: "API key backup script". */
  label: string;
  title: string;
  description: ReactNode;
  id: number;
  /** Deletes the entry with an id. */
  mutation: UseMutationResult<void, Error, number>;
}

/** Deletes an entry of a list after a confirmation. */
export function DeleteButton({ label, title, description, id, mutation }: DeleteButtonProps) {
  const [open, setOpen] = useState(false);
  // Callbacks of `mutate` would be lost when the list drops this entry while the request runs.
  const confirm = () =>
    mutation.mutateAsync(id).then(
      () => setOpen(false),
      (error) => toastError(error, "Nothing was deleted"),
    );
  return (
    <>
      <IconButton label={`Delete ${label}`} hint="Delete" onClick={() => setOpen(true)}>
        <Trash2 aria-hidden />
      </IconButton>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={title}
        description={description}
        confirm="Delete"
        danger
        busy={mutation.isPending}
        onConfirm={confirm}
      />
    </>
  );
}
