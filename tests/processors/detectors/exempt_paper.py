"""A paper about nobody and nothing, as exempt reports are written: for the tests of fingerprints."""

TITLE = "Disposal of land at Quarry Mill and the adjoining yard"

SENTENCES = (
    "The valuer advises that the western yard would fetch more if the culvert were repaired before marketing begins.",
    "Three sealed offers were opened on the ninth of May and the lowest came from a builder of timber holiday chalets.",
    "Officers propose to release the covenant over the orchard in return for a footbridge and twelve parking spaces.",
    "The tenant of the smithy was promised quiet compensation provided she vacates the workshop before Michaelmas.",
    "Should contracts not be exchanged by August the reserve bidder may be approached without a report to Cabinet.",
)

COMMON = "The Council is committed to providing good services to all of its residents."

PAPER = "\n\n".join(
    (
        TITLE,
        "Members are asked to note the contents of this report.",
        " ".join(SENTENCES[:3]),
        COMMON,
        " ".join(SENTENCES[3:]),
        "1. Financial implications\n\nThe financial implications are set out in the body of the report "
        "and can be met from existing budgets.",
    )
)
