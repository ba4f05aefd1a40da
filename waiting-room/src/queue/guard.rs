//! The guards of a line by name, so that tests can switch one off and see that they would notice.

/// One guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// One live place per browser.
    OnePlace,
    /// Never more sessions than the cap.
    Cap,
    /// Never more admissions in a sliding minute than the rate.
    Rate,
    /// A turn is lost at its deadline.
    ClaimWindow,
    /// An ended place stays ended.
    Ended,
    /// A departure must name the admission it ends.
    DepartureJti,
    /// More are called when called ones do not come.
    Ghosts,
    /// The lowest number of a lane is called first.
    Order,
    /// Lanes are called in proportion to their weights.
    Shares,
    /// Lanes in which people stand stay what they are.
    Lanes,
    /// A room stays its owner's.
    Owner,
    /// A lane that asks for a code is not joined without one.
    Invitation,
    /// A code gives no more places than it may.
    CodeUses,
    /// A turn is put off once.
    OneDeferral,
    /// A visit is lengthened as often as the room allows, and no more.
    Renewals,
    /// A wish to stay longer that is repeated is granted once.
    OneRenewal,
    /// Of the shop's reports each builds on the one before.
    SteeredOnce,
    /// An offer to take a place over works once, and only while the place is the offerer's.
    Handover,
    /// A step of the draw is taken once.
    DrawStep,
    /// Whoever has the drawn number is not seated again.
    DrawSeat,
    /// A room's journal is only appended to where its writer saw its end.
    LogEnd,
    /// One live place an account.
    OneAccount,
}
