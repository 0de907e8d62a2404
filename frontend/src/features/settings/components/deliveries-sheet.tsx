"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { Send } from "lucide-react";
import { deliveriesQuery } from "@/api/webhooks/queries";
import type { Webhook } from "@/api/webhooks/schema";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { Skeleton } from "@/components/ui/skeleton";
import { DeliveryRow } from "./delivery-row";

interface DeliveriesSheetProps {
  webhook: Webhook;
  onClose: () => void;
}

/** The deliveries of a webhook with their attempts. */
export function DeliveriesSheet({ webhook, onClose }: DeliveriesSheetProps) {
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        shape="sheet"
        title="Deliveries"
        description={<span className="break-all">{webhook.url}</span>}
        className="max-w-lg"
      >
        <Deliveries webhook={webhook} />
      </DialogContent>
    </Dialog>
  );
}

function Deliveries({ webhook }: { webhook: Webhook }) {
  const deliveries = useInfiniteQuery(deliveriesQuery(webhook.id));
  if (!deliveries.data) {
    return deliveries.isError ? (
      <ErrorState query={deliveries} />
    ) : (
      <div className="flex flex-col gap-3">
        <Skeleton className="h-20" />
        <Skeleton className="h-20" />
        <Skeleton className="h-20" />
      </div>
    );
  }
  const rows = deliveries.data.pages.flatMap(({ results }) => results);
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Send aria-hidden />} title="Nothing has been sent yet">
        Send a test message to see whether the address responds, or apply some steps to an image.
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="divide-y">
        {rows.map((delivery) => (
          <DeliveryRow key={delivery.id} delivery={delivery} enabled={webhook.enabled} />
        ))}
      </ul>
      {deliveries.hasNextPage && (
        <Button
          variant="secondary"
          className="mt-3 w-full"
          busy={deliveries.isFetchingNextPage}
          onClick={() => deliveries.fetchNextPage()}
        >
          Show earlier deliveries
        </Button>
      )}
    </>
  );
}
