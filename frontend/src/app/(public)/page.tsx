import Link from "next/link";
import { Button } from "@/components/ui/button";

export default function LandingPage() {
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-16 sm:px-6">
      <h1 className="font-semibold text-4xl tracking-tight">Every version of every picture.</h1>
      <Button size="lg" asChild className="mt-8">
        <Link href="/signup/">Try it</Link>
      </Button>
    </div>
  );
}
