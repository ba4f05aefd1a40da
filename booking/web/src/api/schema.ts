// Made from booking/openapi.json by `npm run generate`; changes here are lost.

export interface paths {
    "/api/v1/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists critical acts, the newest first. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    /** @description Such as event:12. */
                    subject?: string;
                    /** @description Such as event.published. */
                    action?: string;
                    user_id?: string;
                    /** @description From the Link header. */
                    cursor?: number;
                    /** @description 1 to 500. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AuditEntry"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/dashboard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users, events, bookings, jobs and money in figures. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Dashboard"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Jobs, the newest first; `Link` leads to the next page. */
        get: {
            parameters: {
                query?: {
                    /** @description `ready`, `running`, `done` or `dead`. */
                    status?: string;
                    /** @description Such as `mail`. */
                    kind?: string;
                    /** @description From the Link header. */
                    before?: string;
                    /** @description 1 to 200. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["JobDocument"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/jobs/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets a dead job run again, from its first attempt. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["JobDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description `not-dead` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/organizer-requests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Requests to organise, in the order the accounts were made. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    status?: components["schemas"]["OrganiserRequestStatus"];
                    /** @description From the Link header. */
                    cursor?: string;
                    /** @description 1 to 500. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrganiserApplicant"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/organizer-requests/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Decides a request to organise; `id` is the account's. Who asked is told by mail, and logs in anew to use the new role. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OrganiserDecision"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `wrong-state`: it is decided, or the address is not proven */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists accounts in the order they registered. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    /** @description Part of the name or address. */
                    q?: string;
                    user_type?: components["schemas"]["Role"];
                    /** @description From the Link header. */
                    cursor?: string;
                    /** @description 1 to 500. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Gives an account another role. Its logins end, so that the old role ends with the last access token. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RoleChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/admin/users/{id}/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Switch off the second factor of somebody who has lost phone and recovery codes. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bookings of this account, newest first. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Make a pending booking of a hold. The same hold always gives the same booking. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewBooking"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{booking}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One booking, for its owner and admins. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    booking: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change the names on the tickets, or exchange seats for free ones of the same price, until the session starts. The
         *     ticket of a seat that was given back is dead; the other seat's ticket comes by mail.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    booking: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["BookingChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/bookings/{booking}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel a booking, or give some of its tickets back: the seats are free, the tickets void and the refund on its way. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    booking: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["GivenBack"] | null;
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{booking}/payment": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Pay a pending booking. A failed payment may be repeated, with another card, until the hold's deadline. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    booking: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPayment"];
                };
            };
            responses: {
                /** @description Paid: `{success, booking, payment{transactionId, amount, currency}}` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description Not known yet: poll the booking */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `payment-failed`; `detail` says why */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{booking}/refund-quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What giving back some tickets, or all, would pay back now. */
        get: {
            parameters: {
                query?: {
                    /** @description Codes with commas between; absent: all. */
                    tickets?: string;
                };
                header?: never;
                path: {
                    booking: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Quote"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The date of a booking for calendars, for whoever holds a ticket of it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/bookings/{id}/tickets.pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All my tickets of a booking as one PDF, a page each. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/pdf": number[];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Checks a ticket in, once; and once more each time its holder was let out. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Shown"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Admitted"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `already-used` with `first_used_at` and `gate`; `already-undone` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `ticket-invalid` with `reason` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives the code of a scanner in, on the device: it works once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["DeviceCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Provisioned"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `link-expired`: unknown, used, or too old */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins/doors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The performances at whose doors I may work, the next first: organisers their own, scanners those of their event, gate staff and admins all. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description At most 200 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Door"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins/exits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Lets somebody out who means to come back: the ticket opens the door once more. The same `id` again is the same exit. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Shown"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LetOut"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `not-inside` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `ticket-invalid` with `reason` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins/offline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the entries that a scanner made without a network; safe to repeat. Whoever came second is kept as a conflict. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Report"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Settled"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/checkins/{id}/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes an entry back, so that the ticket opens the door again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Undone"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description `already-undone` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a scanner: its next request is refused. What it let in stays in. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/drawings/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The drawing behind a seat map, sanitised when it was uploaded. It never changes: its name is the hash of its bytes. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hash: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The drawing */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "image/svg+xml": unknown;
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists published events; with `mine=true` one's own in every status. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    /** @description Words of name, venue, category or description. */
                    q?: string;
                    category?: string;
                    /** @description A session starts at this instant or day, or later. */
                    from?: string;
                    /** @description A session starts before this instant or day. */
                    to?: string;
                    /** @description A ticket costs at least this, in major units. */
                    min_price?: number;
                    max_price?: number;
                    /** @description Part of a ticket type's name. */
                    ticket_type?: string;
                    /** @description Only what still has places. */
                    available?: boolean;
                    /** @description date, -date, price, -price or name. */
                    sort?: string;
                    /** @description From the Link header. */
                    cursor?: string;
                    /** @description 1 to 100. */
                    limit?: number;
                    /** @description One's own events; all of them for admins. */
                    mine?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventCard"][];
                    };
                };
                /** @description The request could not be read: `bad-request`, `malformed-json`, `bad-encoding`, … */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Makes an event with its sessions, ticket types and seats; published unless it says `draft`. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewEvent"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/calendar": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happens in a month, day by day, each in its venue's own time. Without `month` the current one. */
        get: {
            parameters: {
                query?: {
                    /** @description Such as 2027-05. */
                    month?: string;
                    q?: string;
                    category?: string;
                    min_price?: number;
                    max_price?: number;
                    ticket_type?: string;
                    available?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["CalendarMonth"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The dates of all public events as one calendar to subscribe to. Without `from`: those that are not over. */
        get: {
            parameters: {
                query?: {
                    q?: string;
                    category?: string;
                    from?: string;
                    to?: string;
                    min_price?: number;
                    max_price?: number;
                    ticket_type?: string;
                    available?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An event with its sessions, ticket types and what is left of them. Drafts are seen by their owner only. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        /** Deletes an event of which no place was ever held. Others are cancelled: their books must stay. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        /** Changes an event, if it still is what was read. */
        patch: {
            parameters: {
                query?: never;
                header: {
                    /** @description ETag of what was read, or `*`. */
                    "If-Match": string;
                };
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["EventChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `changed-meanwhile` */
                412: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `if-match-required` */
                428: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/events/{id}/attendees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists who has booked one's event, in the order they booked. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    /** @description Part of the name, address or reference. */
                    q?: string;
                    /** @description From the Link header. */
                    cursor?: string;
                    /** @description 1 to 500. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Attendee"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/attendees.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's attendees as CSV (RFC 4180, UTF-8), in the order they booked. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/bookings/{booking}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a booking of one's event, or some of its tickets, for any reason and past its refund deadlines, with everything paid
         *     back unless `refund_minor` says otherwise.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                    booking: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["TakenBack"] | null;
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["BookingDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The dates of an event for calendars. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Calls an event off: sales end at once, buyers are paid back, and it leaves the public list. Its page stays and says
         *     so.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a draft with the same sessions, ticket types and seats. A waiting room guards one event, so the copy has none. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": components["schemas"]["CloneOptions"] | null;
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The scanners of an event, the oldest first. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description At most 200 */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Device"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Makes a scanner for an event. Its code works once, for a quarter of an hour. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewDevice"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeDevice"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `too-many` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/feedback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What those who had tickets say, for those who run the event. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["FeedbackReport"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Say how an event was, once its session is over; again to say it otherwise. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewFeedback"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Feedback"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                404: components["responses"]["NotFound"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/feedback/mine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you said of an event. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Feedback"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/postpone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Moves a published event, or some of its sessions, to a later date. Ticket holders are told by mail and may cancel with
         *     everything paid back for a while.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Postponement"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/promo-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The promo codes of an event, and what came of them. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PromoCodeReport"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Make a promo code for an event. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPromoCode"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PromoCodeReport"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/publish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a draft visible and sells it; again without effect. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/rsvp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many ticket holders come. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventRsvps"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Figures of one's event. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["EventStats"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/ticket-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ticket types of one's event, by session, also those that the public does not see. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OwnTicketType"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{id}/waiting-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many wait for the sessions of an event. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WaitingListDemand"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{hold}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A hold of this shopper. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HoldDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        /** Give the seats back at once. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{hold}/extend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Move the deadline, once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HoldDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/holds/{hold}/promo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The code that lowers the prices of a hold. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["AppliedPromo"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Lower the prices of a hold with a code, before it is booked. The same code again changes nothing. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TypedCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Discounted"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Take the code off a hold: its tickets cost what they cost again. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    hold: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/layouts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A seating plan with every seat. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SavedPlan"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/layouts/{id}/pretix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A seating plan in the format of pretix, for its editor and its shop. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Document"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Buy tickets in one call. Headers as for a hold. An order that cannot be paid gives its seats back at once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewOrder"];
                };
            };
            responses: {
                /** @description `{order_id, status: CONFIRMED, tickets: [{ticket_code}]}` */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `payment-failed`; `detail` says why */
                402: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `event-cancelled`, `sale-ended` */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/payments/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Takes a gateway's event, signed as Standard Webhooks do. It may come twice, late and in any order: what it says is not
         *     believed but asked. One whose amount is not ours settles nothing and is noted for a person to look into.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["GatewayEvent"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Received"];
                    };
                };
                /** @description `signature-invalid` */
                400: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/promo-codes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Take a code back: it works no more. What was bought or is held with it stays. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A report of one's events, of everybody's for admins: figures of the sales of some days, added up by the database.
         * @description Every figure is of the sales of those days, whatever became of them later: what is paid back next week is a refund of today's
         *     sale. Days are of UTC.
         */
        get: {
            parameters: {
                query: {
                    /** @description One or several of revenue, refunds, net, bookings, cancelled, tickets, check_ins and places, with commas between them. Bookings are not known by ticket_type, places not by day, week, month or status. */
                    measure: string;
                    /** @description What the rows stand for: day, week, month, event, session, ticket_type, category, venue, status (of the booking) or currency. */
                    by: string;
                    /** @description One event alone. */
                    event_id?: number;
                    /** @description The first day (UTC) of the sales, such as 2026-06-01. */
                    from?: string;
                    /** @description The last day of them. */
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SalesReport"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reports.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The same report as CSV (RFC 4180, UTF-8), amounts in major units. */
        get: {
            parameters: {
                query: {
                    /** @description As of the report in JSON. */
                    measure: string;
                    /** @description As of the report in JSON. */
                    by: string;
                    event_id?: number;
                    from?: string;
                    to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/csv": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session with its event. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SessionPage"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/accessible-seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Says which numbered seats of a session are places for wheelchairs and for those who come along, in place of what was said
         *     before. Who holds or has bought one keeps it.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["KeptPlaces"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `unknown-seat`, `duplicate-seat`, `too-many-seats` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/calendar.ics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session for calendars. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/calendar": string;
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/checkins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many have come in, by gate. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Counts"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/checkins/offline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a scanner takes with it before it loses the network: which genuine tickets not to admit. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Offline"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/checkins/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tickets of a performance, for finding one by code, reference, name or seat without a network, in the order they
         *     were issued. The next page is in the `Link` header; with the last known ticket as cursor come those issued since.
         */
        get: {
            parameters: {
                query?: {
                    /** @description The last ticket known, or from the Link header. */
                    cursor?: string;
                    /** @description 1 to 2000. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ListedTicket"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/layout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Moves a session to another version of its seating plan. Seats that are sold or held stay what they are, by their
         *     keys; a version without one of them is refused.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LayoutChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replanned"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/ticket-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a ticket type to a session, with its places. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewTicketType"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketTypeDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{id}/waiting-list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My entry, also when it has ended; 404 when I never was on the list. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WaitingListEntry"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Wait for tickets of a session that is sold out. Who is on the list already stays where they are. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewWaitingListEntry"];
                };
            };
            responses: {
                /** @description On it already */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WaitingListEntry"];
                    };
                };
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["WaitingListEntry"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Leave the list. Seats on offer go to the next; an offer that is being booked is cancelled as a booking. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/availability": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many tickets are left, by ticket type. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Availability"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Lock seats for this shopper: all of the wanted ones, or none.
         * @description Headers: `Admission-Token` where the event has a room; `Idempotency-Key`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewHold"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["HoldDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description seat-taken, not-enough-tickets, limit-reached, admission-used, sale-not-open */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/seats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every seat of a session with its state, as columns of equal length. */
        get: {
            parameters: {
                query?: {
                    /** @description A version seen before: the answer is what changed since, or everything when that is shorter. */
                    since?: number;
                };
                header?: never;
                path: {
                    session: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Snapshot, or delta with `since` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                /** @description It is as `If-None-Match` says */
                304: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/seats/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Changes as they happen: `event: seats`, the same shape as a delta. The first event brings the current version. */
        get: {
            parameters: {
                query?: {
                    /** @description A version seen before: the answer is what changed since, or everything when that is shorter. */
                    since?: number;
                };
                header?: never;
                path: {
                    session: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Events named `seats` */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": unknown;
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `too-many-streams` */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                /** @description `restarting` */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session}/unlock": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** See the hidden ticket types of a session that a code unlocks. Hold them with `promo_code`; nothing is used up before. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    session: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TypedCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Unlocked"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description The sale has not begun or is over */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `event-cancelled` */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ticket-types/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Deletes a ticket type of which nobody ever held a place. Others are withdrawn: their books must stay. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        /** Changes a ticket type, or takes it off sale. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TicketTypeChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketTypeDetail"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tickets I hold for what is to come, the next first: those I bought and those I was given. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketDocument"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that verify QR codes, for scanners that work without a network. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A JWK set (RFC 7517) */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A ticket: as JSON, with `.pdf` behind the code as PDF, with `.png` or `.svg` its QR code as picture. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `TCK-…`, or the same with `.pdf`, `.png` or `.svg` */
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description `ticket-dead`: it has no PDF and no QR code */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{code}/rsvp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What you have answered for a ticket. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rsvp"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Say whether you come, until the session starts; again to change your mind. */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewRsvp"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rsvp"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets/{code}/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Offers a ticket to somebody by mail. It stays mine until they accept. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OfferTo"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OfferDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `ticket-dead`, `already-used`, `transfer-open`, `too-late` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /** Withdraws the offer of a ticket: its link is dead. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    code: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description It is not on offer */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Shows what is offered to whoever has the link, before they log in and accept: event, seat and price, no code. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Offered"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `transfer-over` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/transfers/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Accepts an offered ticket: it becomes mine with a new code, and the old one is dead. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TicketDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `transfer-over`, `own-ticket` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/forgot-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails a link that sets a new password, if the address has an account; the answer is the same if it has none. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Address"];
                };
            };
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/guests": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Buy without an account: the answer is a login, good for holding, booking and paying. The mails carry a link that opens
         *     the bookings again. Whether the address has an account makes no difference.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Guest"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/guests/link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mails fresh links to the bookings that were made without an account at this address and whose sessions are not over. The answer
         *     is the same when there are none.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Address"];
                };
            };
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public keys that verify access tokens, as a JWK set. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": unknown;
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Logs in. A wrong password and an unknown address get the same answer after the same work. Where the account has a
         *     second factor, 401 `totp-required` asks for its code.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Credentials"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Ends a login: that of the refresh token, of the cookie, or of the access token. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RefreshToken"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/magic-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Open a guest's bookings with the link of a mail, as often as need be. It proves the address. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LinkToken"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own account. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        /**
         * Deletes one's account: name, address and password go, with all that was said, wished for and linked; open offers of
         *     tickets are withdrawn, and places in waiting lists given up. Bookings keep a nameless owner, as the books require. Tickets that
         *     are still valid open the door as before, with the name on them until their session is over; nobody can be told any more if it is
         *     moved or cancelled.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is gone */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                /** @description `wrong-state`: admins stay; `in-progress`: a payment is under way */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        /**
         * Changes one's name or password. A new password ends all other logins. Whoever bought as a guest chooses the first one
         *     and has an account from then on, unless the address has one (409 `address-taken`) or is not proven (403
         *     `email-unverified`).
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["ProfileChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Profile"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is kept of one, to take along. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PersonalData"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/logins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Logs out everywhere: every login of the account ends, this one too. Access tokens that are out live for a few minutes
         *     more; none is renewed.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All have ended */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/organizer-request": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's own request to organise, and what was said to it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrganiserRequest"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Asks to become an organiser. An admin decides; after a refusal one may ask again. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OrganiserWish"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OrganiserRequest"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `email-unverified`, or a guest without an account */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `wrong-state`: it waits already, or there is nothing to ask for */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My phone. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhoneStatus"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        /**
         * Give a number, in place of the one there was, or ask for another code. A code is sent to it, good for ten minutes; nothing
         *     else is until it is proven.
         */
        put: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPhone"];
                };
            };
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhoneStatus"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `sms-off` */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `phone-invalid` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description Five codes a day for an account, and five for a number */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        post?: never;
        /** Take my number away. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description There is no phone */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        /** Switch texts on or off, or choose their language. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PhoneChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhoneStatus"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description There is no phone */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/users/me/phone/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prove my number with the code that was sent to it. From now on I am told by text. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PhoneCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["PhoneStatus"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `code-over` */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `code-wrong` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether my logins need a second factor. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TotpStatus"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Begin to set up a second factor. Nothing changes until a code from the app confirms it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TotpSecret"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm the second factor with a code from the app. From now on logins need one. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TotpCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RecoveryCodes"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/totp/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch the second factor off, with a code of it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["TotpCode"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/me/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Mails another link that proves one's address; nothing happens when it is proven. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the login page may offer beside passwords. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["OidcOffered"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Where the provider sends the browser back to. It goes on to the login page: with `?oidc=done`, which then fetches the
         *     login, or with a word that says what went wrong.
         */
        get: {
            parameters: {
                query?: {
                    code?: string;
                    state?: string;
                    iss?: string;
                    error?: string;
                    error_description?: string;
                    error_uri?: string;
                    session_state?: string;
                    scope?: string;
                    authuser?: string;
                    hd?: string;
                    prompt?: string;
                    client_id?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the login page, with `oidc=done`, `oidc-refused`, `oidc-invalid`, `oidc-email-unverified` or `oidc-unavailable` */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                /** @description It is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/oidc/finish": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Fetch the login that the provider's answer has opened for this browser. Where the account has a second factor, 401
         *     `totp-required` asks for its code.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["OidcCode"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Go to the provider to log in: for browsers, which follow the redirect. */
        get: {
            parameters: {
                query?: {
                    /** @description Page of this site to come back to. */
                    return_to?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description To the provider, or to the login page with `?oidc=oidc-unavailable` */
                303: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                /** @description It is off */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renews a login: a new access token and a new refresh token for the shown one, which then is used up. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RefreshToken"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignedIn"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes an account and mails a link that proves its address. For an address that has an account the answer is the
         *     same; its owner is told by mail.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Registration"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Registered"];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sets a new password and ends all logins of the account. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewPassword"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/users/verify-email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Proves the address of an account. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["LinkToken"];
                };
            };
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It is over and does not come back */
                410: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lists venues by name, with their seating plans. */
        get: {
            parameters: {
                query?: {
                    /** @description Part of the name. */
                    q?: string;
                    /** @description 1 to 500. */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Venue"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Makes a venue. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewVenue"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Venue"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/layouts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a seating plan from rows and columns; a known name makes its next version. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewLayout"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Layout"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/layouts/csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a seating plan from a list of seats, or tells what would become of it. The first line names the columns:
         *     section, row, seat, x, y, and perhaps category and key.
         */
        post: {
            parameters: {
                query: {
                    /** @description Of the layout; a known name makes the next version. */
                    name: string;
                    /** @description Only look: nothing is written. */
                    dry_run?: boolean;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            /** @description A line for each seat. */
            requestBody: {
                content: {
                    "text/csv": string;
                };
            };
            responses: {
                /** @description What would become of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Layout"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `too-large`: a file may have 16 MiB */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                414: components["responses"]["UriTooLong"];
                /** @description `media-type` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                421: components["responses"]["Misdirected"];
                /**
                 * @description What is wrong with the file, and where: `unsafe-svg`, `malformed-svg`, `malformed-plan`, `malformed-csv`,
                 *     `duplicate-seat`, …
                 */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/layouts/pretix": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a seating plan from one of pretix, or tells what would become of it. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["PretixImport"];
                };
            };
            responses: {
                /** @description What would become of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Layout"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `too-large`: a file may have 16 MiB */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                414: components["responses"]["UriTooLong"];
                /** @description `media-type` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                421: components["responses"]["Misdirected"];
                /**
                 * @description What is wrong with the file, and where: `unsafe-svg`, `malformed-svg`, `malformed-plan`, `malformed-csv`,
                 *     `duplicate-seat`, …
                 */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/layouts/svg": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Makes a seating plan from a drawing, or tells what would become of it. The body is JSON, or the file itself as
         *     `image/svg+xml` with name and manner in the query.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Of the layout, when the body is the file. */
                    name?: string;
                    /** @description Only look, when the body is the file. */
                    dry_run?: boolean;
                };
                header?: never;
                path: {
                    id: number;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["SvgImport"];
                };
            };
            responses: {
                /** @description What would become of it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ImportReport"];
                    };
                };
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Layout"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                404: components["responses"]["NotFound"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description `too-large`: a file may have 16 MiB */
                413: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                414: components["responses"]["UriTooLong"];
                /** @description `media-type` */
                415: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                421: components["responses"]["Misdirected"];
                /**
                 * @description What is wrong with the file, and where: `unsafe-svg`, `malformed-svg`, `malformed-plan`, `malformed-csv`,
                 *     `duplicate-seat`, …
                 */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/venues/{id}/layouts/{layout}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How a version of a seating plan differs from another one of the same venue. */
        get: {
            parameters: {
                query: {
                    /** @description The earlier version's id. */
                    from: number;
                };
                header?: never;
                path: {
                    id: number;
                    layout: number;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Diff"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A delivery, what it carries, and what came of each attempt. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["DeliveryDocument"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhook-deliveries/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a delivery again that has ended: the same message, with the same `webhook-id`. One that is on its way already stays. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Queued"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** My endpoints, and everybody's for admins. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                /** @description `not-allowed` */
                403: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        /** Register an endpoint. It is told of what happens at my events; an admin's, of what happens at all. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            responses: {
                /** @description It was made */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["MadeWebhook"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An endpoint. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        /** Delete an endpoint, with its log. Nothing more is sent to it. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It is done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        options?: never;
        head?: never;
        /** Change an endpoint, pause it, or bring it back. What it missed meanwhile can be sent again. */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["WebhookChange"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Endpoint"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        trace?: never;
    };
    "/api/v1/webhooks/{id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to an endpoint in the last 30 days, the newest first. The next page is in the `Link` header. */
        get: {
            parameters: {
                query?: {
                    /** @description Only those that stand so. */
                    state?: components["schemas"]["DeliveryState"];
                    /** @description From the Link header. */
                    cursor?: string;
                    /** @description 1 to 200. */
                    limit?: number;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Delivery"][];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/ping": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a test message (`webhook.ping`), also to an endpoint that is paused or disabled. It is tried once. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Queued"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                /** @description `slow-down`; see Retry-After */
                429: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send again what an endpoint did not take since an instant, because it failed or was paused: at most 1000 messages at a
         *     time.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Replay"];
                };
            };
            responses: {
                /** @description It was accepted, and is done in a moment */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Replayed"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                /** @description It does not go together with how things stand, such as `wrong-state`; `detail` says what to do */
                409: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{id}/secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replace an endpoint's secret. For 24 hours messages are signed with both, so that the receiver can change over. */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["NewSecret"];
                    };
                };
                400: components["responses"]["BadRequest"];
                401: components["responses"]["Unauthorized"];
                403: components["responses"]["Forbidden"];
                /** @description `not-found`: nothing there, or not yours */
                404: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                406: components["responses"]["NotAcceptable"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/v1/renewals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a visit longer: from this answer on its booking session ends at the new instant, on any node.
         * @description Only the waiting room may call, with a service token.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Renewal"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Renewed"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                422: components["responses"]["Invalid"];
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/v1/revocations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take admissions back: from this answer on they open nothing and hold no seats, on any node.
         * @description Only the waiting room may call, with a service token.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Revocations"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Revoked"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `validation` and its kin; `errors` has pointers into the body or the query */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                503: components["responses"]["Unavailable"];
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/internal/v1/turn-mails": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Keep an address until a place's turn comes, or forget it.
         * @description One mail is sent for a place. Only the waiting room may call, with a service token.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["Wish"];
                };
            };
            responses: {
                /** @description What was asked for */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Noted"];
                    };
                };
                400: components["responses"]["BadRequest"];
                /** @description `login-required`, `invalid-token` */
                401: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                403: components["responses"]["Forbidden"];
                406: components["responses"]["NotAcceptable"];
                408: components["responses"]["Timeout"];
                413: components["responses"]["TooLarge"];
                414: components["responses"]["UriTooLong"];
                415: components["responses"]["MediaType"];
                421: components["responses"]["Misdirected"];
                /** @description `email-invalid` */
                422: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
                431: components["responses"]["HeadersTooLarge"];
                /** @description `unavailable`, `restarting`; see Retry-After */
                503: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["ProblemDocument"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description An account at an OpenID provider. */
        AccountElsewhere: {
            /** @description The provider. */
            issuer: string;
            /** @description When it was linked. */
            linked_at: components["schemas"]["Instant"];
            /** @description Its name for the person. */
            subject: string;
            /** @description When it opened the account last. */
            used_at: components["schemas"]["Instant"];
        };
        /** @description An address. */
        Address: {
            email: string;
        };
        /** @description Somebody was let in. */
        Admitted: {
            /** @description When. */
            admitted_at: components["schemas"]["Instant"];
            /** @description Where. */
            gate: string;
            /**
             * Format: uuid
             * @description The entry, for taking it back.
             */
            id: string;
            /** @description `admitted`, or `returned` after an exit. */
            result: string;
            /** @description What was shown. */
            ticket: components["schemas"]["TicketDocument"];
        };
        /** @description A code on a hold. */
        AppliedPromo: {
            /** @description The code. */
            code: string;
            /**
             * Format: int64
             * @description What it takes off in all, in minor units.
             */
            discount_minor: number;
        };
        /** @description A rectangle of a plan. */
        Area: {
            /**
             * Format: int64
             * @description Height.
             */
            h: number;
            /**
             * Format: int64
             * @description Width.
             */
            w: number;
            /**
             * Format: int64
             * @description Left edge.
             */
            x: number;
            /**
             * Format: int64
             * @description Upper edge.
             */
            y: number;
        };
        /** @description Rows as arcs. */
        Around: {
            /**
             * Format: double
             * @description Where the middle of the section lies: 0 in front of the stage, 90 to its left as seen from the stage's front
             *     (right on the plan), 180 behind it.
             */
            degrees: number;
            /**
             * Format: int64
             * @description Of the first row, in plan units.
             */
            radius: number;
        };
        /** @description A point in plan units; x grows to the right, y away from the stage. */
        At: {
            /**
             * Format: int64
             * @description To the right.
             */
            x: number;
            /**
             * Format: int64
             * @description Away from the stage.
             */
            y: number;
        };
        /** @description An attempt as the log shows it. */
        AttemptRow: {
            /** @description The first 512 characters of the answer. */
            answer: string;
            /** @description When. */
            at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description How long it took.
             */
            duration_ms: number;
            /** @description Why it counts as failed. */
            error?: string | null;
            /**
             * Format: int64
             * @description Status of the answer; null when there was none.
             */
            status?: number | null;
        };
        /** @description A paid booking and who comes with it. */
        Attendee: {
            /**
             * Format: uuid
             * @description The booking.
             */
            booking_id: string;
            /**
             * Format: int64
             * @description Tickets that opened the door.
             */
            checked_in: number;
            /** @description When it was booked. */
            created_at: components["schemas"]["Instant"];
            /** @description Where mail goes. */
            email: string;
            /** @description Who booked. */
            holder_name: string;
            /** @description Its number, for people. */
            reference: string;
            /**
             * Format: int64
             * @description What went back of it.
             */
            refund_minor: number;
            /** @description Such as `Stalls C 12`; empty in general admission. */
            seats: string[];
            /** @description Of the booking. */
            status: string;
            /**
             * Format: int64
             * @description Tickets that were not given back.
             */
            tickets: number;
            /**
             * Format: int64
             * @description What was paid, in minor units.
             */
            total_minor: number;
        };
        /** @description One critical act. */
        AuditEntry: {
            /** @description Such as `event.published`. */
            action: string;
            /** @description Ids and figures. */
            detail?: Record<string, never> | null;
            /**
             * Format: int64
             * @description Counts up.
             */
            id: number;
            /** @description Such as `event:12`. */
            subject: string;
            /** @description When. */
            timestamp: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description Who; null: the server itself.
             */
            user_id?: string | null;
            /** @description What the person is called. */
            user_name?: string | null;
        };
        /** @description How many tickets are left. */
        Availability: {
            /**
             * Format: int64
             * @description Free seats of all types.
             */
            remaining: number;
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
            /** @description Free seats of each type. */
            ticket_types: components["schemas"]["TypeAvailability"][];
            /**
             * Format: int64
             * @description Instant of the newest change in microseconds.
             */
            version: number;
        };
        /** @description Body of `PATCH /bookings/{id}`. */
        BookingChange: {
            /** @description Names to print on tickets. */
            holders?: components["schemas"]["NewHolder"][];
            /** @description Seats to exchange. */
            seats?: components["schemas"]["NewSeat"][];
        };
        /** @description A booking. */
        BookingDocument: components["schemas"]["Sums"] & {
            cancelled_at?: components["schemas"]["Instant"] | null;
            confirmed_at?: components["schemas"]["Instant"] | null;
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            /** @description ISO 4217. */
            currency: string;
            /** @description The event. */
            event: components["schemas"]["EventBrief"];
            hold_expires_at?: components["schemas"]["Instant"] | null;
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            payment?: components["schemas"]["Receipt"] | null;
            /**
             * Format: int64
             * @description Tickets that were not given back.
             */
            quantity: number;
            /** @description What people quote. */
            reference: string;
            /** @description The parts of what goes back. */
            refund: components["schemas"]["Sums"];
            /**
             * Format: int64
             * @description What was or is being paid back.
             */
            refund_minor: number;
            /** @description The seats, with the prices that were accepted. */
            seats: components["schemas"]["HeldSeat"][];
            /** @description The server's clock, for countdowns. */
            server_time: components["schemas"]["Instant"];
            /** @description The session. */
            session: components["schemas"]["SessionBrief"];
            /** @description Where it stands. */
            status: components["schemas"]["BookingStatus"];
            /** @description The tickets, once it is confirmed. */
            tickets: components["schemas"]["TicketCard"][];
            /**
             * Format: int64
             * @description Sum of the prices: what is or was charged.
             */
            total_minor: number;
        };
        /**
         * @description Where a booking stands.
         * @enum {string}
         */
        BookingStatus: "pending" | "confirmed" | "completed" | "expired" | "cancelled" | "refunded";
        /** @description A day of a [`CalendarMonth`]. */
        CalendarDay: {
            /** @description `2027-05-04`, at the venue. */
            date: string;
            /** @description By start. */
            sessions: components["schemas"]["CalendarSession"][];
        };
        /** @description A month of sessions. */
        CalendarMonth: {
            /** @description Days on which something happens. */
            days: components["schemas"]["CalendarDay"][];
            /** @description Whether everything is listed: at most 1,000 sessions are. */
            is_complete: boolean;
            /** @description `2027-05` */
            month: string;
            /** @description The month after. */
            next: string;
            /** @description The month before. */
            previous: string;
        };
        /** @description A session and its event in brief. */
        CalendarSession: {
            /** @description Such as concert. */
            category: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description End. */
            ends_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description The event.
             */
            event_id: number;
            /** @description Path of a picture on this site. */
            image?: string | null;
            /** @description `20:00`, at the venue. */
            local_time: string;
            /** @description Name of the event. */
            name: string;
            /** @description Hall or room inside the venue. */
            room_name?: string | null;
            /**
             * Format: int64
             * @description The session.
             */
            session_id: number;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /**
             * Format: double
             * @description The event's lowest price in major units.
             */
            ticket_price: number;
            /**
             * Format: int64
             * @description The same in minor units.
             */
            ticket_price_minor: number;
            /** @description IANA zone of the venue. */
            time_zone: string;
            /** @description Name of the venue. */
            venue: string;
        };
        /** @description A price category of a plan. */
        Category: {
            /** @description `#rrggbb`. */
            colour?: string | null;
            /** @description Unique in the plan; ticket types name it. */
            name: string;
        };
        /** @description A category of an imported plan. */
        CategoryFound: {
            /** @description `#rrggbb`. */
            colour?: string | null;
            /** @description Its name. */
            name: string;
            /** @description Its seats. */
            seats: number;
        };
        /** @description A price category and what is in it. */
        CategoryRule: {
            /**
             * @description Classes of seats or of groups around them.
             * @default []
             */
            classes?: string[];
            /**
             * @description `#rrggbb`.
             * @default null
             */
            colour?: string | null;
            /**
             * @description Fills of seats.
             * @default []
             */
            colours?: string[];
            /**
             * @description Ids of seats or of groups around them; `vip-*` stands for all that begin with `vip-`.
             * @default []
             */
            ids?: string[];
            /**
             * @description Unique in the layout; ticket types name it.
             * @default
             */
            name?: string;
            /**
             * @description Sections.
             * @default []
             */
            sections?: string[];
        };
        /** @description A seat that differs. */
        Change: {
            after?: components["schemas"]["Placed"] | null;
            before?: components["schemas"]["Placed"] | null;
            /** @description What it is known by in both versions. */
            key: string;
            /** @description What became of it. */
            kind: components["schemas"]["Kind"];
        };
        /** @description The terms of an event as everybody sees them. */
        Charges: components["schemas"]["Terms"] & {
            /** @description What they mean for buyers, in words. */
            text: string;
        };
        /** @description A circle's size. */
        Circle: {
            /**
             * Format: int64
             * @description Its radius.
             */
            radius: number;
        };
        /** @description How the copy differs. */
        CloneOptions: {
            /** @description Start of its first session; the others, and the sale, keep their distance. Default: the same. */
            event_date?: string | null;
            /** @description Default: the same. */
            name?: string | null;
        };
        /** @description An entry that came second. */
        Conflict: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Where the first came in; `null` when that entry was taken back. */
            first_gate?: string | null;
            first_used_at?: components["schemas"]["Instant"] | null;
            /** @description Where the second came in. */
            gate: string;
            /** @description The ticket. */
            ticket_code: string;
        };
        /** @description How full a performance is. */
        Counts: {
            /**
             * Format: int64
             * @description Of them, let in.
             */
            checked_in: number;
            /** @description Entries made without a network by somebody who came second, the newest first, at most 100. */
            conflicts: components["schemas"]["Conflict"][];
            /** @description The same by gate. */
            gates: components["schemas"]["GateCount"][];
            /**
             * Format: int64
             * @description Of these, outside for a while.
             */
            outside: number;
            /**
             * Format: int64
             * @description The performance.
             */
            session: number;
            /**
             * Format: int64
             * @description Live tickets.
             */
            tickets: number;
        };
        /** @description Address and password. */
        Credentials: {
            /** @description Of the second factor, where the account has one: six digits, or a recovery code. */
            code?: string | null;
            email: string;
            password: string;
        };
        /** @description The whole house. */
        Dashboard: {
            /** @description When this was read. */
            as_of: components["schemas"]["Instant"];
            /** @description Bookings by status. */
            bookings: {
                [key: string]: number;
            };
            /**
             * Format: double
             * @description Cancelled of all paid bookings, 0 to 1.
             */
            cancellation_rate: number;
            /** @description Events by status. */
            events: {
                [key: string]: number;
            };
            /** @description Jobs by status; `dead` ones need a look. */
            jobs: {
                [key: string]: number;
            };
            /** @description Bookings by day, oldest first; days without any are left out. */
            registrations: components["schemas"]["Sales"][];
            /** @description By currency. */
            revenue: components["schemas"]["Revenue"][];
            /** @description Accounts by role. */
            users: {
                [key: string]: number;
            };
        };
        /** @description A ticket that no longer admits, though its QR code is genuine. */
        DeadTicket: {
            /** @description Why: `cancelled` or `transferred`. */
            reason: components["schemas"]["TicketStatus"];
            /**
             * Format: uuid
             * @description The ticket.
             */
            ticket: string;
        };
        /**
         * Format: double
         * @description Amount in major units with no more decimals than the currency has.
         */
        Decimal: number;
        /** @description Something that is drawn and not sold: a stage, a bar, a table, a word. */
        Decoration: {
            /** @description Outline. */
            border_color?: string | null;
            circle?: components["schemas"]["Circle"] | null;
            /** @description Fill. */
            color?: string | null;
            ellipse?: components["schemas"]["Ellipse"] | null;
            polygon?: components["schemas"]["Polygon"] | null;
            /** @description Relative to its zone: a rectangle's corner, everything else's middle. */
            position?: components["schemas"]["Position"];
            rectangle?: components["schemas"]["Size"] | null;
            /**
             * Format: double
             * @description Degrees, clockwise about its position.
             */
            rotation?: number | null;
            /** @description `rectangle`, `circle`, `ellipse`, `polygon` or `text`. */
            shape?: string | null;
            text?: components["schemas"]["Words"] | null;
            /** @description Unique among all things of the plan. */
            uuid?: string | null;
        };
        /** @description A delivery as the log shows it. */
        Delivery: {
            /**
             * Format: int64
             * @description Attempts since it was queued or replayed.
             */
            attempts: number;
            /** @description When it was queued first. */
            created_at: components["schemas"]["Instant"];
            ended_at?: components["schemas"]["Instant"] | null;
            /** @description Why the last attempt failed. */
            error?: string | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it tells of. */
            kind: string;
            /** @description The message, as `webhook-id` names it. */
            message: string;
            next_attempt_at?: components["schemas"]["Instant"] | null;
            /** @description What became of it. */
            state: components["schemas"]["DeliveryState"];
            /**
             * Format: int64
             * @description Status of the last answer.
             */
            status?: number | null;
        };
        /** @description A delivery with what came of each attempt. */
        DeliveryDocument: components["schemas"]["DeliveryFacts"] & {
            /** @description The newest 100 attempts, the oldest of them first. */
            log: components["schemas"]["AttemptRow"][];
        };
        /** @description A delivery with what it carries. */
        DeliveryFacts: components["schemas"]["Delivery"] & {
            /** @description What is signed and sent. */
            body: string;
            /**
             * Format: uuid
             * @description The endpoint.
             */
            endpoint: string;
        };
        /**
         * @description What became of a message to an endpoint.
         * @enum {string}
         */
        DeliveryState: "pending" | "delivered" | "failed" | "skipped";
        /** @description A scanner of an event. */
        Device: {
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            /** @description Where it stands. */
            gate: string;
            /**
             * Format: uuid
             * @description The scanner.
             */
            id: string;
            /** @description Which one it is. */
            name: string;
            provisioned_at?: components["schemas"]["Instant"] | null;
            revoked_at?: components["schemas"]["Instant"] | null;
        };
        /** @description The code of a scanner. */
        DeviceCode: {
            /** @description As shown; case, spaces and hyphens do not matter. */
            code: string;
        };
        /** @description How two versions of a layout differ. */
        Diff: {
            /**
             * Format: int64
             * @description Seats that only the later one has.
             */
            added: number;
            /** @description The first 1,000 changes. */
            changes: components["schemas"]["Change"][];
            /**
             * Format: int64
             * @description The earlier version.
             */
            from: number;
            /**
             * Format: int64
             * @description Seats that stand elsewhere, seen from the stage.
             */
            moved: number;
            /**
             * Format: int64
             * @description Seats that are only in another category.
             */
            recategorised: number;
            /**
             * Format: int64
             * @description Seats that only the earlier one has.
             */
            removed: number;
            /**
             * Format: int64
             * @description Seats with another section, row or number; they may stand elsewhere too.
             */
            renamed: number;
            /**
             * Format: int64
             * @description Seats of the later one.
             */
            seats_after: number;
            /**
             * Format: int64
             * @description Seats of the earlier one.
             */
            seats_before: number;
            /**
             * Format: int64
             * @description The later one.
             */
            to: number;
        };
        /** @description A code on a hold, and the hold with its lower prices. */
        Discounted: components["schemas"]["AppliedPromo"] & {
            /** @description The hold. */
            hold: components["schemas"]["HoldDocument"];
        };
        /** @description A whole plan. */
        Document: {
            /** @description Price categories. */
            categories: components["schemas"]["DocumentCategory"][];
            /** @description Its name. */
            name: string;
            size?: components["schemas"]["Size"] | null;
            /** @description Parts of the house. */
            zones: components["schemas"]["Zone"][];
        };
        /** @description A price category. */
        DocumentCategory: {
            /** @description Any CSS colour. */
            color?: string | null;
            /** @description Seats refer to it. */
            name: string;
        };
        /** @description A row of seats. */
        DocumentRow: {
            /** @description Relative to its zone. */
            position?: components["schemas"]["Position"];
            /** @description Its number or letter. */
            row_number: string;
            /** @description Its seats. */
            seats: components["schemas"]["DocumentSeat"][];
            /** @description Unique among all things of the plan. */
            uuid?: string | null;
        };
        /** @description A seat. */
        DocumentSeat: {
            /** @description Name of its category; empty for none. */
            category: string;
            /** @description Relative to its row. */
            position: components["schemas"]["Position"];
            /** @description Unique in the plan. */
            seat_guid: string;
            /** @description Its number. */
            seat_number: string;
            /** @description Unique among all things of the plan. */
            uuid?: string | null;
        };
        /** @description A performance to let people into. */
        Door: {
            /** @description Entry from. */
            doors_at: components["schemas"]["Instant"];
            /** @description End. */
            ends_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Its event.
             */
            event: number;
            /** @description Name of the event. */
            event_name: string;
            /** @description Hall inside the venue. */
            room_name?: string | null;
            /**
             * Format: int64
             * @description The performance.
             */
            session: number;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /** @description Zone of the venue, IANA name. */
            time_zone: string;
            /** @description Name of the venue. */
            venue: string;
        };
        /** @description Seats that share a key, or section, row and number. */
        Duplicate: {
            /** @description What they share. */
            key: string;
            /** @description Where they stand in the file; empty where the file has no lines to speak of. */
            lines: number[];
        };
        /** @description An ellipse's size. */
        Ellipse: {
            /** @description Its half axes. */
            radius: components["schemas"]["Position"];
        };
        /** @description An endpoint as its owner sees it. */
        Endpoint: {
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            /** @description In its owner's words; may be empty. */
            description: string;
            failing_since?: components["schemas"]["Instant"] | null;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description What it is told of. */
            kinds: components["schemas"]["EventKind"][];
            /**
             * Format: uuid
             * @description Whose it is.
             */
            owner: string;
            secret_overlap_until?: components["schemas"]["Instant"] | null;
            /** @description Whether messages go there. */
            state: components["schemas"]["EndpointState"];
            /** @description Where messages go. */
            url: string;
        };
        /**
         * @description Whether messages go to an endpoint.
         * @enum {string}
         */
        EndpointState: "enabled" | "paused" | "disabled";
        /** @description The event as holds and bookings show it. */
        EventBrief: {
            /** @description Category. */
            category: string;
            /**
             * Format: int64
             * @description Id.
             */
            id: number;
            /** @description Path of its picture. */
            image?: string | null;
            /** @description Name. */
            name: string;
            /** @description Name of the venue. */
            venue: string;
        };
        /** @description An event in a list. */
        EventCard: {
            /** @description Such as concert. */
            category: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description Plain text. */
            description: string;
            /** @description Start of the first session. */
            event_date: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Path of a picture on this site. */
            image?: string | null;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Places still to be had in all sessions; up to two seconds old.
             */
            remaining_tickets: number;
            /** @description The waiting room that guards the sale. */
            room?: string | null;
            sales_close_at?: components["schemas"]["Instant"] | null;
            sales_open_at?: components["schemas"]["Instant"] | null;
            /**
             * Format: int64
             * @description Number of sessions.
             */
            sessions_count: number;
            /** @description Where it stands. */
            status: components["schemas"]["EventStatus"];
            /**
             * Format: double
             * @description Lowest price in major units, with fee and taxes in it.
             */
            ticket_price: number;
            /**
             * Format: int64
             * @description Lowest price in minor units, with fee and taxes in it.
             */
            ticket_price_minor: number;
            /** @description The venue's IANA zone, in which its local times are told. */
            time_zone: string;
            /**
             * Format: int64
             * @description Places of all sessions.
             */
            total_tickets: number;
            /** @description Name of the venue. */
            venue: string;
        };
        /** @description What is to change; absent members stay, `null` takes away what may be absent. */
        EventChange: {
            /** @description Such as concert. */
            category?: string | null;
            charges?: components["schemas"]["NewCharges"] | null;
            /** @description At most 10,000 characters. */
            description?: string | null;
            /** @description Start of the first session; the others keep their distance. Not once places are sold or held. */
            event_date?: string | null;
            /** @description Path of a picture on this site. */
            image?: string | null;
            /** @description At most 255 characters. Not once places are sold or held. */
            name?: string | null;
            /**
             * Format: int64
             * @description Tickets one account may have.
             */
            per_person_limit?: number | null;
            refund_policy?: components["schemas"]["RefundPolicy"] | null;
            /** @description The waiting room that guards the sale. */
            room?: string | null;
            /** @description When sales close. */
            sales_close_at?: string | null;
            /** @description When sales open. */
            sales_open_at?: string | null;
            ticket_price?: components["schemas"]["Decimal"] | null;
            /**
             * Format: int64
             * @description Of an event with one ticket type of general admission. Not once places are sold or held.
             */
            total_tickets?: number | null;
        };
        /** @description An event with all that a buyer wants to know. */
        EventDetail: components["schemas"]["EventCard"] & {
            charges?: components["schemas"]["Charges"] | null;
            /**
             * Format: uuid
             * @description The owner's account.
             */
            created_by?: string | null;
            /** @description The owner's name. */
            organiser?: string | null;
            /**
             * Format: int64
             * @description Tickets one account may have.
             */
            per_person_limit: number;
            /** @description What a cancelled booking is paid back. */
            refund_policy: components["schemas"]["RefundTerms"];
            /** @description By start. */
            sessions: components["schemas"]["SessionDetail"][];
            /** @description Where it happens. */
            venue_details: components["schemas"]["VenueDetails"];
        };
        /**
         * @description What a message tells of.
         * @enum {string}
         */
        EventKind: "booking.confirmed" | "booking.cancelled" | "booking.reduced" | "booking.changed" | "ticket.transferred" | "ticket.checked_in" | "event.created" | "event.changed" | "event.published" | "event.cancelled" | "event.postponed" | "event.completed" | "event.deleted" | "refund.completed";
        /** @description The answers of an event's ticket holders, in tickets. */
        EventRsvps: {
            /**
             * Format: int64
             * @description Tickets whose holder comes.
             */
            attending: number;
            /**
             * Format: int64
             * @description Tickets whose holder does not know yet.
             */
            maybe: number;
            /**
             * Format: int64
             * @description Tickets whose holder does not come.
             */
            not_attending: number;
            /** @description The same for each session, by start. */
            sessions: components["schemas"]["SessionRsvps"][];
            /**
             * Format: int64
             * @description Tickets whose holder has not answered.
             */
            unanswered: number;
        };
        /** @description Figures of an event. */
        EventStats: {
            /**
             * Format: int64
             * @description Bookings that were paid ("registrations").
             */
            bookings: number;
            /**
             * Format: double
             * @description Cancelled of bookings, 0 to 1.
             */
            cancellation_rate: number;
            /**
             * Format: int64
             * @description Those that were cancelled afterwards.
             */
            cancelled: number;
            /**
             * Format: int64
             * @description Places that can be sold.
             */
            capacity: number;
            /**
             * Format: int64
             * @description Tickets that opened the door.
             */
            checked_in: number;
            /** @description Of the prices. */
            currency: string;
            /**
             * Format: int64
             * @description Places to be had.
             */
            free: number;
            /**
             * Format: int64
             * @description Places held right now.
             */
            held: number;
            /**
             * Format: double
             * @description Sold of capacity, 0 to 1.
             */
            occupancy: number;
            /** @description What the tickets that live were sold for, in parts. */
            revenue: components["schemas"]["RevenueParts"];
            /**
             * Format: int64
             * @description What was taken less what was paid back.
             */
            revenue_minor: number;
            /** @description By hour, oldest first; hours without sales are left out. */
            sales: components["schemas"]["Sales"][];
            /**
             * Format: int64
             * @description Places sold.
             */
            sold: number;
            /** @description By session and ticket type. */
            ticket_types: components["schemas"]["TypeStats"][];
        };
        /**
         * @description Where an event stands.
         * @enum {string}
         */
        EventStatus: "draft" | "published" | "cancelled" | "completed";
        /** @description What somebody said. */
        Feedback: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description 1 (bad) to 5 (great).
             */
            rating: number;
            /** @description Plain text; may be empty. */
            text: string;
        };
        /** @description What was said of an event, without names. */
        FeedbackReport: {
            /** @description The newest 200. */
            answers: components["schemas"]["Feedback"][];
            /**
             * Format: double
             * @description Of their ratings; null when there are none.
             */
            average?: number | null;
            /**
             * Format: int64
             * @description People who said something.
             */
            count: number;
            /** @description How many gave 1, 2, 3, 4 and 5. */
            ratings: number[];
        };
        /** @description One wrong field. */
        FieldError: {
            /** @description Stable code. */
            code: string;
            /** @description A sentence for people. */
            detail: string;
            /** @description RFC 6901 JSON pointer into the request body. */
            pointer: string;
        };
        /** @description Names by which parts of a drawing can be told apart, the most useful first, 200 of each at most. */
        Found: {
            /** @description Classes. */
            classes: components["schemas"]["FoundName"][];
            /** @description Fills. */
            colours: components["schemas"]["FoundName"][];
            /** @description Ids of groups, and of shapes; `A-*` stands for `A-1`, `A-2` …. */
            ids: components["schemas"]["FoundName"][];
        };
        /** @description A name and how often it occurs. */
        FoundName: {
            /**
             * Format: int32
             * @description Shapes and groups that have it.
             */
            elements: number;
            /**
             * Format: int32
             * @description Seats that have it, or are in a group that has it.
             */
            seats: number;
            /** @description As a mapping writes it. */
            value: string;
        };
        /** @description Entries through one gate. */
        GateCount: {
            /**
             * Format: int64
             * @description Entries that stand.
             */
            checked_in: number;
            /** @description The gate. */
            gate: string;
        };
        /** @description A gateway's message. Members we do not know are its own affair. */
        GatewayEvent: {
            /**
             * Format: int64
             * @description What was charged, in minor units.
             */
            amount_minor?: number | null;
            /** @description ISO 4217. */
            currency?: string | null;
            /** @description The gateway's id of it; copies carry the same. */
            id: string;
            /** @description Our key of the payment. */
            key?: string;
            /** @description Such as `payment.authorised`; kinds that are not about payments are taken and not acted on. */
            type: string;
        };
        /** @description Body of `POST /bookings/{id}/cancel`, which may be empty. */
        GivenBack: {
            /** @description Codes of the tickets to give back; absent: all. */
            tickets?: string[] | null;
        };
        /** @description Somebody who buys without an account. */
        Guest: {
            /** @description Where the tickets go. */
            email: string;
            /** @description The name for the tickets; at most 100 characters. */
            name: string;
        };
        /** @description A seat in a hold or booking. */
        HeldSeat: components["schemas"]["Line"] & {
            /**
             * Format: int64
             * @description Id.
             */
            id: number;
            /** @description Label within the row; null in general admission. */
            label?: string | null;
            /**
             * Format: int64
             * @description The price that was accepted: the sum of its parts.
             */
            price_minor: number;
            /**
             * Format: int64
             * @description What went back for it; null while its ticket lives.
             */
            refund_minor?: number | null;
            /** @description Row; null in general admission. */
            row?: string | null;
            /** @description Section; null in general admission. */
            section?: string | null;
            /** @description Name of the ticket type. */
            ticket_type: string;
            /**
             * Format: int64
             * @description Id of the ticket type.
             */
            ticket_type_id: number;
        };
        /** @description A hold as its shopper sees it. */
        HoldDocument: components["schemas"]["Sums"] & {
            /**
             * Format: uuid
             * @description The booking made of it, if any.
             */
            booking_id?: string | null;
            /** @description ISO 4217. */
            currency: string;
            /** @description The event. */
            event: components["schemas"]["EventBrief"];
            /** @description Until when the seats are kept, exclusively. */
            expires_at: components["schemas"]["Instant"];
            /** @description Whether the one extension is left. */
            extendable: boolean;
            /**
             * Format: uuid
             * @description Id.
             */
            id: string;
            /** @description The seats. */
            seats: components["schemas"]["HeldSeat"][];
            /** @description The server's clock, for countdowns. */
            server_time: components["schemas"]["Instant"];
            /** @description The session. */
            session: components["schemas"]["SessionBrief"];
            /** @description `active`, `released`, `booked` or `expired`. */
            status: string;
            /**
             * Format: int64
             * @description Sum of the seats' prices: what will be charged.
             */
            total_minor: number;
        };
        /** @description What a file holds and what would become of it. */
        ImportReport: {
            /** @description Its price categories. */
            categories: components["schemas"]["CategoryFound"][];
            /** @description Seats that stand in the file more than once, 200 at most. They must be told apart before the plan can be saved. */
            duplicates: components["schemas"]["Duplicate"][];
            /** @description What a mapping may name; drawings only. */
            found: components["schemas"]["Found"];
            /** @description Whether a drawing is kept behind the seats. */
            has_background: boolean;
            /**
             * Format: int64
             * @description Height of the plan.
             */
            height: number;
            /** @description Elements that were left out of the drawing. */
            left_out: components["schemas"]["LeftOut"][];
            /**
             * Format: int64
             * @description Seats to choose from.
             */
            seats: number;
            /** @description Its sections in their order. */
            sections: components["schemas"]["SectionFound"][];
            /** @description Seats in no category, 200 at most. */
            unmatched: components["schemas"]["Unmatched"][];
            /**
             * Format: int64
             * @description How many seats are in no category.
             */
            unmatched_total: number;
            /** @description What looks like a mistake. */
            warnings: string[];
            /**
             * Format: int64
             * @description Width of the plan.
             */
            width: number;
        };
        /** Format: date-time */
        Instant: string;
        /**
         * @description What a ticket's holder means to do.
         * @enum {string}
         */
        Intent: "attending" | "maybe" | "not_attending";
        /** @description A job. */
        JobDocument: {
            /**
             * Format: int64
             * @description Attempts so far.
             */
            attempts: number;
            /** @description Queued. */
            created_at: components["schemas"]["Instant"];
            done_at?: components["schemas"]["Instant"] | null;
            /**
             * Format: uuid
             * @description The job.
             */
            id: string;
            /** @description What is to be done. */
            kind: string;
            /** @description Why the last attempt failed. */
            last_error?: string | null;
            /** @description What it is done with, without secrets. */
            payload: unknown;
            /** @description Not before. */
            run_at: components["schemas"]["Instant"];
            /** @description `ready`, `running`, `done` or `dead`. */
            status: string;
        };
        /** @description Which places of a session are kept, by the ids of its seat map; all others are everybody's. */
        KeptPlaces: {
            /** @description For those who come along. */
            companion: number[];
            /** @description For people in wheelchairs. */
            wheelchair: number[];
        };
        /**
         * @description What became of a seat.
         * @enum {string}
         */
        Kind: "added" | "removed" | "moved" | "renamed" | "recategorised";
        /**
         * @description A language that text messages are written in: those of the fans' pages.
         * @enum {string}
         */
        Language: "en" | "de" | "es" | "ar";
        /** @description A seating plan without its seats. */
        Layout: {
            /**
             * Format: int64
             * @description Its id; a new version has a new one.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Seats to choose from.
             */
            seats: number;
            /**
             * Format: int64
             * @description Counted from 1.
             */
            version: number;
        };
        /** @description Where a session goes. */
        LayoutChange: {
            /** @description Only look: nothing is written. */
            dry_run?: boolean;
            /**
             * Format: int64
             * @description A layout of the same venue, mostly a newer version of the session's own.
             */
            layout_id: number;
        };
        /** @description Elements of one name that were left out. */
        LeftOut: {
            /**
             * Format: int32
             * @description How many.
             */
            count: number;
            /** @description Their name. */
            element: string;
        };
        /** @description Somebody was let out. */
        LetOut: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Where. */
            gate: string;
            /**
             * Format: uuid
             * @description The exit.
             */
            id: string;
            /** @description `outside`. */
            result: string;
            /** @description Code of the ticket, which opens the door once more. */
            ticket_code: string;
        };
        /** @description What one ticket costs, in parts, in minor units. */
        Line: {
            /**
             * Format: int64
             * @description The service fee, without tax.
             */
            fee_minor: number;
            /**
             * Format: int64
             * @description For the organiser's ticket, without tax.
             */
            net_minor: number;
            /**
             * Format: int64
             * @description All taxes.
             */
            tax_minor: number;
        };
        /** @description The secret of an offer's link. */
        Link: {
            /** @description From the mail. */
            token: string;
        };
        /** @description The secret of a link. */
        LinkToken: {
            token: string;
        };
        /** @description A ticket as a scanner lists it. */
        ListedTicket: {
            /** @description `TCK-…`. */
            code: string;
            /** @description The name printed on it. */
            holder_name: string;
            /**
             * Format: uuid
             * @description The ticket, as its QR code names it.
             */
            id: string;
            /** @description Seat in its row; `null` in general admission. */
            label?: string | null;
            /** @description The booking's reference. */
            reference: string;
            /** @description Row of the section. */
            row?: string | null;
            /** @description Section of the venue. */
            section?: string | null;
            /** @description Name of its ticket type. */
            ticket_type: string;
        };
        /** @description A scanner that was made; its code is shown only now. */
        MadeDevice: {
            /** @description To be given in on the device, once. */
            code: string;
            /** @description Until when. */
            code_until: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description The scanner.
             */
            id: string;
        };
        /** @description An endpoint that was just made. */
        MadeWebhook: components["schemas"]["Endpoint"] & {
            /** @description Signs its messages, `whsec_…`; shown this once. */
            secret: string;
        };
        /** @description What the parts of a drawing mean. */
        Mapping: {
            /**
             * @description Price categories; a seat is in the first one that names it.
             * @default []
             */
            categories?: components["schemas"]["CategoryRule"][];
            /** @default null */
            seats?: components["schemas"]["Marks"] | null;
        };
        /** @description How parts of a drawing are told apart; any of them will do. */
        Marks: {
            /**
             * @description Classes.
             * @default []
             */
            classes?: string[];
            /**
             * @description Fills, as `#rrggbb` or as the file writes them.
             * @default []
             */
            colours?: string[];
            /**
             * @description Ids; `vip-*` stands for all that begin with `vip-`.
             * @default []
             */
            ids?: string[];
        };
        /**
         * @description How a booking is paid.
         * @enum {string}
         */
        Method: "card";
        /** @description Body of `POST /bookings`. */
        NewBooking: {
            /**
             * Format: uuid
             * @description The hold that becomes a booking.
             */
            hold_id: string;
        };
        /** @description What comes onto the face prices of an event, as its organiser says it. */
        NewCharges: {
            /** @description How lines are rounded. */
            rounding?: components["schemas"]["Rounding"];
            /** @description A fee for each ticket that costs something; part of what is taxed. */
            service_fee?: components["schemas"]["ServiceFee"];
            /** @description At most four. */
            taxes?: components["schemas"]["Tax"][];
            /** @description Whether face price and fee have the taxes in them (default), or they are added on top. */
            taxes_included?: boolean | null;
        };
        /** @description A session's new date. */
        NewDate: {
            /** @description Default: as long before the start as before. */
            doors_at?: string | null;
            /** @description Default: as long as before. */
            ends_at?: string | null;
            /**
             * Format: int64
             * @description The session.
             */
            id: number;
            /** @description An instant, or the venue's local time without an offset. */
            starts_at: string;
        };
        /** @description A scanner to be made. */
        NewDevice: {
            /** @description Where it will stand, such as “North”; at most 64 characters. */
            gate: string;
            /** @description Which one it is, such as “Blue phone”; at most 64 characters. */
            name: string;
        };
        /** @description An event to be made: one date, price and number of tickets, or `sessions`. */
        NewEvent: {
            /** @description Such as concert, sports, theatre. */
            category?: string | null;
            charges?: components["schemas"]["NewCharges"] | null;
            /** @description ISO 4217. */
            currency?: string | null;
            /** @description At most 10,000 characters; plain text. */
            description?: string;
            /** @description Start: an instant, or the venue's local time without an offset. */
            event_date?: string | null;
            /** @description Path of a picture on this site. */
            image?: string | null;
            /** @description At most 255 characters. */
            name: string;
            /**
             * Format: int64
             * @description Tickets one account may have.
             */
            per_person_limit?: number | null;
            refund_policy?: components["schemas"]["RefundPolicy"] | null;
            /** @description The waiting room that guards the sale. */
            room?: string | null;
            /** @description When sales close; absent: when the session starts. */
            sales_close_at?: string | null;
            /** @description When sales open; absent: when published. */
            sales_open_at?: string | null;
            /** @description Several performances, or several ticket types. */
            sessions?: components["schemas"]["NewSession"][] | null;
            status?: components["schemas"]["EventStatus"] | null;
            ticket_price?: components["schemas"]["Decimal"] | null;
            /** @description IANA name; for a venue that is made with the event. */
            time_zone?: string | null;
            /**
             * Format: int64
             * @description Places of general admission, 1 to 100,000.
             */
            total_tickets?: number | null;
            /** @description Name of the venue, which is made when there is none of this name. */
            venue?: string | null;
            /**
             * Format: int64
             * @description Or the venue's id.
             */
            venue_id?: number | null;
        };
        /** @description Body of `PUT /events/{id}/feedback`. */
        NewFeedback: {
            /**
             * Format: int64
             * @description 1 (bad) to 5 (great).
             */
            rating: number;
            /** @description At most 2,000 characters; plain text. */
            text?: string;
        };
        /** @description Body of `POST /sessions/{id}/holds`: either `seats` or `quantity`. */
        NewHold: {
            /**
             * @description Whether somebody in the party sits in a wheelchair: places that are kept for that may be named, and the best seats are
             *     one of them and seats beside it.
             */
            accessible?: boolean | null;
            /** @description Says that the shop chooses; the default when `quantity` is given. */
            best_available?: boolean | null;
            /** @description A code that unlocks a hidden ticket type, lowers the prices, or both. */
            promo_code?: string | null;
            /**
             * Format: int64
             * @description How many of the best seats.
             */
            quantity?: number | null;
            /** @description Ids of the wanted seats. */
            seats?: number[] | null;
            /**
             * Format: int64
             * @description Of this ticket type; without it, of the cheapest that has enough.
             */
            ticket_type?: number | null;
        };
        /** @description Another name on a ticket. */
        NewHolder: {
            /** @description The ticket. */
            code: string;
            /** @description The name; at most 100 characters. */
            name: string;
        };
        /** @description A seating plan to be made. */
        NewLayout: {
            /** @description Its name; a known name makes the next version. */
            name: string;
            /** @description Its sections. */
            sections: components["schemas"]["SectionSpec"][];
        };
        /** @description Body of `POST /orders`. */
        NewOrder: {
            /** @description The card; without it, the one that always succeeds. */
            card_number?: string | null;
            /**
             * Format: int64
             * @description The event.
             */
            event_id: number;
            /** @description A code that unlocks a hidden ticket type, lowers the prices, or both. */
            promo_code?: string | null;
            /**
             * Format: int64
             * @description How many tickets.
             */
            quantity: number;
            /**
             * Format: int64
             * @description Which session; without it, the next one on sale.
             */
            session_id?: number | null;
            /**
             * Format: int64
             * @description Which ticket type; without it, the cheapest that has enough.
             */
            ticket_type?: number | null;
        };
        /** @description The secret of a link and a new password. */
        NewPassword: {
            /** @description 8 to 128 characters. */
            password: string;
            token: string;
        };
        /** @description Body of `POST /bookings/{id}/payment`. */
        NewPayment: {
            /**
             * @description The card: digits, spaces and dashes.
             * @example 4242 4242 4242 4242
             */
            card_number: string;
            /** @description How it is paid. */
            method?: components["schemas"]["Method"];
        };
        /** @description A number to be proven. */
        NewPhone: {
            /** @description What texts to it are written in. */
            language: components["schemas"]["Language"];
            /** @description With + and the country's code; spaces, dashes, dots, slashes and brackets are left out. */
            number: string;
        };
        /** @description A code to be made. */
        NewPromoCode: {
            /**
             * Format: int64
             * @description Or so much off each, in minor units.
             */
            amount_minor?: number | null;
            /** @description What shoppers type: 3 to 40 letters, digits and dashes; case does not matter. */
            code: string;
            /**
             * Format: int64
             * @description Percent off each ticket, 1 to 100.
             */
            percent?: number | null;
            /** @description Takes something off these ticket types of the event only. */
            ticket_types?: number[];
            /** @description Hidden ticket types of the event that it unlocks; then it need not take anything off. */
            unlocks?: number[];
            /**
             * Format: int64
             * @description Purchases it works for.
             */
            uses_max?: number | null;
            /**
             * Format: int64
             * @description The same for one account.
             */
            uses_per_person?: number | null;
            valid_from?: components["schemas"]["Instant"] | null;
            valid_until?: components["schemas"]["Instant"] | null;
        };
        /** @description Body of `PUT /tickets/{code}/rsvp`. */
        NewRsvp: {
            /** @description What you mean to do. */
            answer: components["schemas"]["Intent"];
        };
        /** @description One seat for another. */
        NewSeat: {
            /**
             * Format: int64
             * @description A seat of the booking.
             */
            from: number;
            /**
             * Format: int64
             * @description A free seat of the same session and price.
             */
            to: number;
        };
        /** @description An endpoint's new secret. */
        NewSecret: {
            /** @description Until then messages are signed with the one before, too. */
            overlap_until: components["schemas"]["Instant"];
            /** @description Signs its messages from now on, `whsec_…`; shown this once. */
            secret: string;
        };
        /** @description A performance to be made. */
        NewSession: {
            /** @description Default: at the start. */
            doors_at?: string | null;
            /** @description Default: three hours later. */
            ends_at?: string | null;
            /**
             * Format: int64
             * @description Seating plan; needed by seated ticket types.
             */
            layout_id?: number | null;
            /** @description Hall or room inside the venue. */
            room_name?: string | null;
            /** @description An instant, or the venue's local time without an offset. */
            starts_at: string;
            /** @description What is sold. */
            ticket_types: components["schemas"]["NewTicketType"][];
        };
        /** @description A ticket type to be made: with sections or categories it sells their seats, with a quantity general admission. */
        NewTicketType: {
            /** @description Price categories of the layout, beside or instead of sections. */
            categories?: string[];
            /** @description `#rrggbb`. */
            colour?: string | null;
            /** @description Neither listed nor sold to whoever has no code that unlocks it. */
            hidden?: boolean;
            /** @description Unique in the session. */
            name: string;
            /** @description Shown distinctly on the seat map. */
            premium?: boolean;
            price?: components["schemas"]["Decimal"] | null;
            /**
             * Format: int64
             * @description Face price in minor units: what the organiser asks for, before fee and taxes that come on top.
             */
            price_minor?: number | null;
            /**
             * Format: int64
             * @description Places of general admission.
             */
            quantity?: number | null;
            /** @description Section of the layout. */
            section?: string | null;
            /** @description Several sections at one price. */
            sections?: string[];
        };
        /** @description A venue to be made. */
        NewVenue: {
            /** @description Street and city. */
            address?: string;
            /** @description Its name. */
            name: string;
            /** @description IANA name such as `Europe/Berlin`. */
            time_zone: string;
        };
        /** @description What somebody waits for. */
        NewWaitingListEntry: {
            /**
             * Format: int64
             * @description Tickets, all or none.
             */
            quantity: number;
            /**
             * Format: int64
             * @description Of this ticket type; without it, of any one.
             */
            ticket_type?: number | null;
        };
        /** @description An endpoint to be made. */
        NewWebhook: {
            /** @description For its owner; at most 200 characters. */
            description?: string;
            /** @description What it is told of. */
            kinds: components["schemas"]["EventKind"][];
            /** @description Where messages go: https, on the public internet. */
            url: string;
        };
        /** @description Answer of booking. */
        Noted: {
            /** @description Whether a mail will be sent. Not when it was sent before: there is one a place. */
            is_kept: boolean;
        };
        /** @description An offer just made. */
        OfferDocument: {
            /** @description Where the link was sent. */
            email: string;
            /** @description The link is dead from then on. */
            expires_at: components["schemas"]["Instant"];
            /**
             * Format: uuid
             * @description The offer.
             */
            id: string;
            /** @description `offered`. */
            status: string;
            /** @description The ticket. */
            ticket_code: string;
        };
        /** @description To whom a ticket is offered. */
        OfferTo: {
            /** @description Where the link is sent. */
            email: string;
        };
        /** @description What is offered. */
        Offered: {
            /** @description Name of the event. */
            event: string;
            /** @description The link is dead from then on. */
            expires_at: components["schemas"]["Instant"];
            /** @description Who offers. */
            from: string;
            /** @description Seat and ticket type in words. */
            place: string;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /** @description Zone of the venue, IANA name. */
            time_zone: string;
            /** @description Name of the venue. */
            venue: string;
        };
        /** @description What a signature cannot tell. */
        Offline: {
            /** @description As of when. */
            as_of: components["schemas"]["Instant"];
            /** @description Tickets that no longer admit, though their QR codes are genuine. */
            dead: components["schemas"]["DeadTicket"][];
            /**
             * Format: int64
             * @description Tickets of the performance ever issued, dead ones too: a scanner whose list has fewer fetches the rest.
             */
            issued: number;
            /** @description Of them, those whose holders were let out and may come in again. */
            outside: string[];
            /**
             * Format: int64
             * @description The performance.
             */
            session: number;
            /** @description Tickets whose holders are inside, or outside for a while. */
            used: components["schemas"]["UsedTicket"][];
        };
        /** @description The code of a second factor. */
        OidcCode: {
            /** @description Of the second factor, where the account has one: six digits, or a recovery code. */
            code?: string | null;
        };
        /** @description Whether one can log in with an account elsewhere. */
        OidcOffered: {
            /** @description Whether it is on. */
            enabled: boolean;
            /** @description What the button says. */
            name?: string | null;
            /** @description Where the button leads; takes `?return_to=` with a path of this site. */
            start_url?: string | null;
        };
        /** @description A request, as admins see it. */
        OrganiserApplicant: components["schemas"]["OrganiserRequest"] & {
            /** @description Her address. */
            email: string;
            /** @description Whether she has proven it. */
            email_verified: boolean;
            /** @description What the person is called. */
            name: string;
            /**
             * Format: uuid
             * @description The account, which names the request.
             */
            user: string;
        };
        /** @description What becomes of a request. */
        OrganiserDecision: {
            /** @description Why, for who asked; at most 2,000 characters. */
            answer?: string;
            /** @description Whether she may organise. */
            approve: boolean;
        };
        /** @description A request, as who asked sees it. */
        OrganiserRequest: {
            /** @description What the admin says to it. */
            answer: string;
            /** @description When it was made. */
            asked_at: components["schemas"]["Instant"];
            decided_at?: components["schemas"]["Instant"] | null;
            /** @description Where it stands. */
            status: components["schemas"]["OrganiserRequestStatus"];
            /** @description In the words of who asked. */
            text: string;
        };
        /**
         * @description Where a request stands.
         * @enum {string}
         */
        OrganiserRequestStatus: "waiting" | "approved" | "declined";
        /** @description Why somebody wants to organise. */
        OrganiserWish: {
            /** @description For the admin who decides: what will be on, and where; at most 2,000 characters. */
            text: string;
        };
        /** @description A booking. */
        OwnBooking: {
            /** @description When it was booked. */
            created_at: components["schemas"]["Instant"];
            /** @description ISO 4217. */
            currency: string;
            /** @description Name of the event. */
            event: string;
            /**
             * Format: int64
             * @description Tickets.
             */
            quantity: number;
            /** @description Its number. */
            reference: string;
            /**
             * Format: int64
             * @description What was paid back.
             */
            refund_minor: number;
            /** @description Start of the session. */
            starts_at: components["schemas"]["Instant"];
            /** @description Of the booking. */
            status: string;
            /**
             * Format: int64
             * @description What they cost.
             */
            total_minor: number;
        };
        /** @description What somebody said of an event. */
        OwnFeedback: {
            /** @description When. */
            at: components["schemas"]["Instant"];
            /** @description Name of the event. */
            event: string;
            /**
             * Format: int64
             * @description 1 (bad) to 5 (great).
             */
            rating: number;
            /** @description Plain text. */
            text: string;
        };
        /** @description A login. Devices are not recorded. */
        OwnLogin: {
            /** @description When it was begun. */
            begun_at: components["schemas"]["Instant"];
            ended_at?: components["schemas"]["Instant"] | null;
            expires_at?: components["schemas"]["Instant"] | null;
            renewed_at?: components["schemas"]["Instant"] | null;
        };
        /** @description A request to organise. */
        OwnOrganiserRequest: {
            /** @description What was said to it. */
            answer: string;
            /** @description When she asked. */
            asked_at: components["schemas"]["Instant"];
            decided_at?: components["schemas"]["Instant"] | null;
            /** @description `waiting`, `approved` or `declined`. */
            status: string;
            /** @description In her words. */
            text: string;
        };
        /** @description A phone. */
        OwnPhone: {
            /** @description What texts to it are written in. */
            language: components["schemas"]["Language"];
            /** @description As it is dialled. */
            number: string;
            /** @description Whether she wants to be told by text. */
            texts: boolean;
            verified_at?: components["schemas"]["Instant"] | null;
        };
        /** @description A ticket. */
        OwnTicket: {
            checked_in_at?: components["schemas"]["Instant"] | null;
            /** @description Its code. */
            code: string;
            /** @description Name of the event. */
            event: string;
            /** @description The name on it. */
            holder_name: string;
            /** @description When it was issued. */
            issued_at: components["schemas"]["Instant"];
            /** @description Row of the seat. */
            row?: string | null;
            rsvp?: components["schemas"]["Intent"] | null;
            /** @description The seat. */
            seat?: string | null;
            /** @description Section of the seat; null in general admission, like row and seat. */
            section?: string | null;
            /** @description Start of the session. */
            starts_at: components["schemas"]["Instant"];
            /** @description Of the ticket. */
            status: components["schemas"]["TicketStatus"];
        };
        /** @description A ticket type and the session it is of. */
        OwnTicketType: components["schemas"]["TicketTypeDetail"] & {
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
        };
        /** @description A ticket offered to somebody. */
        OwnTransfer: {
            accepted_at?: components["schemas"]["Instant"] | null;
            /** @description Code of the ticket. */
            code: string;
            /** @description When it was offered. */
            created_at: components["schemas"]["Instant"];
            /** @description `offered`, `accepted`, `withdrawn` or `expired`. */
            status: string;
            /** @description To whom. */
            to_email: string;
        };
        /** @description An entry in a waiting list. */
        OwnWaiting: {
            /** @description Name of the event. */
            event: string;
            /** @description When it was made. */
            joined_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Tickets wanted.
             */
            quantity: number;
            /** @description Start of the session. */
            starts_at: components["schemas"]["Instant"];
            /** @description `waiting`, `offered`, `taken`, `lapsed` or `left`. */
            state: string;
        };
        /** @description An endpoint. */
        OwnWebhook: {
            /** @description When it was made. */
            created_at: components["schemas"]["Instant"];
            /** @description In its owner's words. */
            description: string;
            /** @description What it is told of. */
            kinds: string[];
            /** @description Whether messages go there. */
            state: components["schemas"]["EndpointState"];
            /** @description Where messages go. */
            url: string;
        };
        /** @description Everything kept of a person. Each list is the oldest first, and has 10,000 entries at most. */
        PersonalData: {
            /** @description Accounts elsewhere that open this one. */
            accounts_elsewhere: components["schemas"]["AccountElsewhere"][];
            /** @description Bookings. */
            bookings: components["schemas"]["OwnBooking"][];
            /** @description When the account was made. */
            created_at: components["schemas"]["Instant"];
            /** @description As she gave it. */
            email: string;
            email_verified_at?: components["schemas"]["Instant"] | null;
            /** @description What she said of events. */
            feedback: components["schemas"]["OwnFeedback"][];
            /**
             * Format: uuid
             * @description The account.
             */
            id: string;
            /** @description Logins, each on one device. */
            logins: components["schemas"]["OwnLogin"][];
            /** @description As she gave it. */
            name: string;
            organiser_request?: components["schemas"]["OwnOrganiserRequest"] | null;
            phone?: components["schemas"]["OwnPhone"] | null;
            second_factor_since?: components["schemas"]["Instant"] | null;
            /** @description Tickets she has or had. */
            tickets: components["schemas"]["OwnTicket"][];
            /** @description Tickets she offered to others. */
            transfers: components["schemas"]["OwnTransfer"][];
            /** @description What she may do. */
            user_type: components["schemas"]["Role"];
            /** @description Waiting lists she joined. */
            waiting_list: components["schemas"]["OwnWaiting"][];
            /** @description Endpoints of hers that are told what happens. */
            webhooks: components["schemas"]["OwnWebhook"][];
        };
        /** @description What is to change; absent members stay. */
        PhoneChange: {
            language?: components["schemas"]["Language"] | null;
            /** @description Whether to be told by text. */
            texts?: boolean | null;
        };
        /** @description A code that came by text. */
        PhoneCode: {
            /** @description Six digits. */
            code: string;
        };
        /** @description A phone as its owner sees it. */
        PhoneStatus: {
            /** @description Whether this shop sends text messages at all. */
            available: boolean;
            language?: components["schemas"]["Language"] | null;
            /** @description E.164; null: there is none. */
            number?: string | null;
            /**
             * @description Whether she wants to be told by text what cannot wait: an offer of the waiting list or of a ticket, a cancelled or moved
             *     event, the day before.
             */
            texts: boolean;
            verified_at?: components["schemas"]["Instant"] | null;
        };
        /** @description A seat where it stands. */
        Placed: {
            /** @description Its price category. */
            category?: string | null;
            /** @description Its number. */
            label: string;
            /** @description Its row. */
            row: string;
            /** @description Its section. */
            section: string;
            /**
             * Format: int64
             * @description To the right of the stage's middle.
             */
            x: number;
            /**
             * Format: int64
             * @description Away from the stage's middle.
             */
            y: number;
        };
        /** @description A whole plan, its top left corner at 0, 0. */
        Plan: {
            /** @description Address of the drawing behind the seats; it covers the whole plan. */
            background?: string | null;
            /** @description Price categories that an imported plan puts its seats into. */
            categories?: components["schemas"]["Category"][];
            /** @description Shapes of an imported plan that are no seats, as its format knows them. */
            decorations?: components["schemas"]["Decoration"][];
            /**
             * Format: int64
             * @description Lower edge.
             */
            height: number;
            /** @description In the order they were given. */
            sections: components["schemas"]["Section"][];
            /** @description Where the stage is drawn. */
            stage: components["schemas"]["Area"];
            /**
             * Format: int64
             * @description Right edge.
             */
            width: number;
        };
        /** @description A polygon's corners. */
        Polygon: {
            /** @description Relative to its position. */
            points: components["schemas"]["Position"][];
        };
        /** @description A point, or the half axes of an ellipse. */
        Position: {
            /**
             * Format: double
             * @description To the right.
             */
            x: number;
            /**
             * Format: double
             * @description Downwards.
             */
            y: number;
        };
        /** @description Which scanner it is, and where. */
        Post: {
            /**
             * Format: int64
             * @description The event at whose doors it works.
             */
            event: number;
            /** @description Name of the event. */
            event_name: string;
            /** @description Where it stands: to be sent with each entry. */
            gate: string;
            /**
             * Format: uuid
             * @description The scanner.
             */
            id: string;
            /** @description Which one it is. */
            name: string;
        };
        /** @description Where an event goes: all its sessions by the same distance, or some of them to dates of their own. */
        Postponement: {
            /** @description New start of the first session that is not over; the others keep their distance. */
            event_date?: string | null;
            /** @description Why, for the mail to ticket holders; at most 1,000 characters. */
            reason?: string | null;
            /** @description Until when everything is paid back. Default: for 14 days, until the new start at the latest. */
            refund_until?: string | null;
            /** @description Or the sessions that move. */
            sessions?: components["schemas"]["NewDate"][] | null;
        };
        /** @description A plan of pretix. */
        PretixImport: {
            /** @description Only look: nothing is written. */
            dry_run?: boolean;
            /** @description Name of the layout; default: the plan's. A known name makes the next version. */
            name?: string | null;
            /** @description The file's content. */
            plan: components["schemas"]["Document"];
        };
        /**
         * Problem
         * @description The shape of a problem document in the OpenAPI file.
         */
        ProblemDocument: {
            /** @description A sentence for people. */
            detail?: string | null;
            /** @description What is wrong with which field. */
            errors?: components["schemas"]["FieldError"][] | null;
            /** @description Quote it when asking for help. */
            request_id?: string | null;
            /**
             * Format: int32
             * @description The HTTP status again.
             */
            status: number;
            /** @description A few words, the same for every problem of this type. */
            title: string;
            /** @description Stable address of the kind of problem; its last part is the slug. */
            type: string;
        };
        /** @description An account as its owner and admins see it. */
        Profile: {
            /** @description When it registered. */
            created_at: components["schemas"]["Instant"];
            /** @description Where mail goes. */
            email: string;
            /** @description Whether the address was proven. */
            email_verified: boolean;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Whether the person bought without an account, and may choose a password to have one. */
            is_guest: boolean;
            /** @description What the person is called. */
            name: string;
            /** @description What the person may do. */
            user_type: components["schemas"]["Role"];
        };
        /** @description What is to change; absent members stay. */
        ProfileChange: {
            /** @description Needed to set another password. */
            current_password?: string | null;
            /** @description At most 100 characters. */
            name?: string | null;
            /**
             * @description The new password, with the current one. A guest, who has none, becomes an account with it; the address must be
             *     proven.
             */
            password?: string | null;
        };
        /** @description A code as its organiser sees it. */
        PromoCodeReport: {
            /**
             * Format: int64
             * @description Or so much, in minor units.
             */
            amount_minor?: number | null;
            /** @description What shoppers type. */
            code: string;
            /**
             * Format: int64
             * @description What it took off purchases that were paid.
             */
            discount_minor: number;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description Percent off each ticket.
             */
            percent?: number | null;
            /** @description For these ticket types; empty: for all. */
            ticket_types: number[];
            /** @description Hidden ticket types it unlocks. */
            unlocks: number[];
            /**
             * Format: int64
             * @description Purchases it was used for, and carts that hold it.
             */
            uses: number;
            /**
             * Format: int64
             * @description Purchases it may be used for.
             */
            uses_max?: number | null;
            /**
             * Format: int64
             * @description The same for one account.
             */
            uses_per_person?: number | null;
            valid_from?: components["schemas"]["Instant"] | null;
            valid_until?: components["schemas"]["Instant"] | null;
            /** @description Whether it was taken back. */
            withdrawn: boolean;
        };
        /** @description What a scanner works with from now on. */
        Provisioned: components["schemas"]["Post"] & {
            /** @description For `Authorization: Bearer …` at the gate's routes; shown only now. */
            token: string;
        };
        /** @description A delivery that was queued. */
        Queued: {
            /**
             * Format: uuid
             * @description See `GET /webhook-deliveries/{id}` for what comes of it.
             */
            delivery: string;
        };
        /** @description What a cancellation at some instant pays back. */
        Quote: components["schemas"]["Line"] & {
            /** @description ISO 4217. */
            currency: string;
            /** @description Why so much, for people. */
            reason: string;
            /**
             * Format: int64
             * @description What is paid back, in minor units: the sum of its parts.
             */
            refund_minor: number;
            /** @description Whether anything is paid back. */
            refundable: boolean;
            /** @description The same for each ticket. */
            tickets: components["schemas"]["TicketQuote"][];
        };
        /** @description A payment as bookings show it. */
        Receipt: {
            /**
             * Format: double
             * @description Major units, as the seeds show it.
             */
            amount: number;
            /**
             * Format: int64
             * @description Minor units.
             */
            amount_minor: number;
            /** @description ISO 4217. */
            currency: string;
            /** @description Why it failed. */
            failure?: string | null;
            /** @description `started`, `authorised`, `captured`, `failed`, `voided`, `refund_owed` or `refunded`. */
            status: string;
            /** @description The gateway's name for it; null until it is authorised. */
            transactionId?: string | null;
        };
        /** @description The event has arrived, and need not be sent again. */
        Received: {
            received: boolean;
        };
        /** @description Codes for the day the phone is lost; shown this once. */
        RecoveryCodes: {
            /** @description Each works for one login. */
            recovery_codes: string[];
        };
        /** @description A refresh token, unless the cookie carries it. */
        RefreshToken: {
            refresh_token?: string | null;
        };
        /** @description Until how many hours before the start a cancelled booking is paid back in full, and by half. */
        RefundPolicy: {
            /**
             * Format: int64
             * @description In full until so many hours before the start.
             */
            full_until_h: number;
            /**
             * Format: int64
             * @description By half until so many hours before the start.
             */
            half_until_h: number;
        };
        /** @description The refund policy, also in words. */
        RefundTerms: {
            /**
             * Format: int64
             * @description In full until so many hours before the start.
             */
            full_until_h: number;
            /**
             * Format: int64
             * @description By half until so many hours before the start.
             */
            half_until_h: number;
            /** @description For people. */
            text: string;
        };
        /** @description An account that has just registered. */
        Registered: {
            created_at: components["schemas"]["Instant"];
            email: string;
            /** Format: uuid */
            id: string;
            name: string;
            user_type: components["schemas"]["Role"];
        };
        /** @description Somebody who wants an account. */
        Registration: {
            /** @description Where mail goes. */
            email: string;
            /** @description What the person is called; at most 100 characters. */
            name: string;
            /** @description 8 to 128 characters. */
            password: string;
            /** @description Grants nothing: every account begins as `guest`. `organizer` asks for that role; an admin decides. */
            user_type?: string | null;
        };
        /** @description Body of the call. */
        Renewal: {
            /**
             * Format: uuid
             * @description The admission: the `jti` of its tokens.
             */
            jti: string;
            /** @description The new end of the visit, the `exp` of the token that says so. */
            until: components["schemas"]["Instant"];
        };
        /** @description Answer of the call. */
        Renewed: {
            /** @description Whether a booking session is open that ends later now. None is while the admission has not been used. */
            renewed: boolean;
        };
        /** @description What became of a session's seats. */
        Replanned: {
            /**
             * Format: int64
             * @description Seats that are new.
             */
            added: number;
            /**
             * Format: int64
             * @description Its layout now.
             */
            layout_id: number;
            /**
             * Format: int64
             * @description Seats that only stand elsewhere.
             */
            moved: number;
            /**
             * Format: int64
             * @description Seats that are gone.
             */
            removed: number;
            /**
             * Format: int64
             * @description Seats that are called otherwise.
             */
            renamed: number;
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
            /**
             * Format: int64
             * @description Seats of the new plan that no ticket type of the session sells.
             */
            unsold: number;
        };
        /** @description What is to be sent again. */
        Replay: {
            /** @description What was queued from this instant on. */
            since: components["schemas"]["Instant"];
            until?: components["schemas"]["Instant"] | null;
        };
        /** @description What is sent again. */
        Replayed: {
            /** @description Deliveries that were queued; with 1000 there may be more: ask again. */
            replayed: number;
        };
        /** @description Entries made without a network, in the order they were made. */
        Report: {
            /** @description At most 100. */
            entries: components["schemas"]["Reported"][];
        };
        /** @description An entry made without a network. */
        Reported: {
            /** @description When the scanner let them in, by its own clock; the future is read as now. */
            at: components["schemas"]["Instant"];
            /** @description `TCK-…`, as typed. */
            code?: string | null;
            /** @description Where; `main` when absent. */
            gate?: string | null;
            /**
             * Format: uuid
             * @description Made by the scanner: the same entry reported again is the same entry.
             */
            id: string;
            /** @description `RL1.…`, as scanned. */
            qr?: string | null;
            /**
             * Format: int64
             * @description The performance that the gate let into.
             */
            session?: number | null;
        };
        /** @description Money of one currency. */
        Revenue: {
            currency: string;
            /**
             * Format: int64
             * @description What was taken less what was paid back.
             */
            revenue_minor: number;
            /**
             * Format: int64
             * @description Tickets that are sold.
             */
            tickets: number;
        };
        /** @description Money in parts. */
        RevenueParts: components["schemas"]["Line"] & {
            /**
             * Format: int64
             * @description The sum.
             */
            total_minor: number;
        };
        /** @description Body of the call. */
        Revocations: {
            /** @description Places whose admissions open nothing any more: the `sub` of their tokens. At most [`BATCH_MAX`]. */
            places: string[];
        };
        /** @description Answer of the call. */
        Revoked: {
            /** @description How many places were not revoked before. */
            revoked: number;
        };
        /**
         * @description What a person may do. Granted by an admin, never by the registration body.
         * @enum {string}
         */
        Role: "guest" | "organizer" | "admin" | "gate";
        /** @description Another role. */
        RoleChange: {
            /** @description guest, organizer, gate or admin. */
            user_type: string;
        };
        /**
         * @description How a fee and a tax become whole minor units, line by line.
         * @enum {string}
         */
        Rounding: "half-even" | "half-up";
        /** @description A row of seats. */
        Row: {
            /** @description Unique in the section. */
            label: string;
            /** @description From left to right. */
            seats: components["schemas"]["Seat"][];
        };
        /**
         * @description How rows are called.
         * @enum {string}
         */
        RowLabels: "letters" | "numbers";
        /** @description An answer. */
        Rsvp: {
            answer?: components["schemas"]["Intent"] | null;
            answered_at?: components["schemas"]["Instant"] | null;
            /** @description The ticket. */
            code: string;
        };
        /** @description What was sold in a stretch of time. */
        Sales: {
            /** @description When it begins. */
            at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Bookings confirmed.
             */
            bookings: number;
            /**
             * Format: int64
             * @description What they cost.
             */
            revenue_minor: number;
            /**
             * Format: int64
             * @description Tickets in them.
             */
            tickets: number;
        };
        /** @description Figures by group. */
        SalesReport: {
            /** @description What the rows stand for. */
            by: string;
            /** @description Whether there is more than fits an answer; the oldest times are left out, or what brought least. */
            is_cut: boolean;
            /** @description Times as they went by, anything else by what was kept of the money, the most first. */
            rows: components["schemas"]["SalesReportRow"][];
        };
        /** @description A group in one currency, with the figures that were asked for. */
        SalesReportRow: {
            /**
             * Format: int64
             * @description Bookings that were paid.
             */
            bookings?: number | null;
            /**
             * Format: int64
             * @description Those that were cancelled afterwards.
             */
            cancelled?: number | null;
            /**
             * Format: int64
             * @description Of the places sold, those whose ticket opened the door.
             */
            check_ins?: number | null;
            /** @description Of the amounts; sales in two currencies are two rows. */
            currency: string;
            /** @description The id of an event, session or venue; otherwise the name again. */
            key: string;
            /** @description A day (`2026-06-01`), the Monday of a week, a month (`2026-06`), or what the group is called. */
            name: string;
            /**
             * Format: int64
             * @description What is kept.
             */
            net_minor?: number | null;
            /**
             * Format: int64
             * @description Places there are to sell, sold or not, whatever the days.
             */
            places?: number | null;
            /**
             * Format: int64
             * @description What of it goes back, whenever it does.
             */
            refunds_minor?: number | null;
            /**
             * Format: int64
             * @description What was taken.
             */
            revenue_minor?: number | null;
            /**
             * Format: int64
             * @description Tickets that were not given back.
             */
            tickets?: number | null;
        };
        /** @description A seating plan, and what it was made of. */
        SavedPlan: components["schemas"]["Plan"] & {
            /** @description Its rows and columns, to be taken up again; null for a plan whose seats were imported one by one. */
            sections_spec?: components["schemas"]["SectionSpec"][] | null;
        };
        /** @description A seat of a plan. */
        Seat: {
            /**
             * Format: int32
             * @description Index of its price category.
             */
            category?: number | null;
            /** @description What it is known by through all versions of the layout; none: its section, row and label. */
            key?: string | null;
            /** @description Unique in the row. */
            label: string;
            /**
             * Format: int64
             * @description Its middle.
             */
            x: number;
            /**
             * Format: int64
             * @description Its middle.
             */
            y: number;
        };
        /** @description The name of a numbered seat. */
        SeatName: {
            /** @description Seat in its row. */
            label: string;
            /** @description Row of the section. */
            row?: string | null;
            /** @description Section of the venue. */
            section?: string | null;
        };
        /**
         * @description How seats of a row are numbered.
         * @enum {string}
         */
        SeatNumbers: "left_to_right" | "right_to_left" | "odd_even";
        /** @description A section of a plan. */
        Section: components["schemas"]["Area"] & {
            /** @description Unique in the plan. */
            name: string;
            /** @description From the stage outwards. */
            rows: components["schemas"]["Row"][];
            /** @description Whether it is standing room; then it has no rows. */
            standing: boolean;
        };
        /** @description A section of an imported plan. */
        SectionFound: {
            /** @description Its name. */
            name: string;
            /** @description Its rows. */
            rows: number;
            /** @description Its seats. */
            seats: number;
        };
        /** @description How to make one section. */
        SectionSpec: {
            /** @description An aisle follows each of these columns (counted from 1). */
            aisles?: number[];
            around?: components["schemas"]["Around"] | null;
            at?: components["schemas"]["At"] | null;
            /**
             * Format: int32
             * @description Seats of the first row.
             */
            columns: number;
            /**
             * Format: int32
             * @description Seats that each further row has more than the one before it.
             */
            columns_step?: number;
            /** @description Unique in the layout; ticket types name it. */
            name: string;
            /** @description How rows are called. */
            row_labels?: components["schemas"]["RowLabels"];
            /**
             * Format: int32
             * @description Rows, the first nearest to the stage.
             */
            rows: number;
            /** @description How seats of a row are numbered. */
            seat_numbers?: components["schemas"]["SeatNumbers"];
            /** @description Standing room of this size: drawn, but without seats to choose. */
            standing?: boolean;
        };
        /** @description What is added to each ticket for the service of selling it. */
        ServiceFee: {
            /**
             * Format: int64
             * @description So much a ticket, in minor units.
             */
            fixed_minor?: number;
            /**
             * Format: int64
             * @description And so many millionths of its face price; 1 % is 10,000.
             */
            rate_ppm?: number;
        };
        /** @description The session as holds and bookings show it. */
        SessionBrief: {
            /**
             * Format: int64
             * @description Id.
             */
            id: number;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /** @description IANA name of the venue's time zone. */
            time_zone: string;
        };
        /** @description One performance. */
        SessionDetail: {
            /** @description When one may come in. */
            doors_at: components["schemas"]["Instant"];
            /** @description End. */
            ends_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /**
             * Format: int64
             * @description The seating plan whose seats it sells.
             */
            layout_id?: number | null;
            postponed_from?: components["schemas"]["Instant"] | null;
            refund_until?: components["schemas"]["Instant"] | null;
            /**
             * Format: int64
             * @description Places still to be had; up to two seconds old.
             */
            remaining_tickets: number;
            /** @description Hall or room inside the venue. */
            room_name?: string | null;
            /** @description Whether some of its places have labels to choose from. */
            seated: boolean;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /** @description What is sold. */
            ticket_types: components["schemas"]["TicketTypeDetail"][];
            /** @description Zone of the venue. */
            time_zone: string;
            /**
             * Format: int64
             * @description Places.
             */
            total_tickets: number;
            /** @description Whether people wait for what comes back: nobody else can buy. */
            waiting_list: boolean;
        };
        /** @description The event of a [`SessionPage`]. */
        SessionEvent: components["schemas"]["EventCard"] & {
            /**
             * Format: int64
             * @description Tickets one account may have.
             */
            per_person_limit: number;
        };
        /** @description One performance and its event, for a page reached by a link. */
        SessionPage: components["schemas"]["SessionDetail"] & {
            /** @description Its event. */
            event: components["schemas"]["SessionEvent"];
        };
        /** @description The answers of a session's ticket holders. */
        SessionRsvps: {
            /**
             * Format: int64
             * @description Tickets whose holder comes.
             */
            attending: number;
            /**
             * Format: int64
             * @description Tickets whose holder does not know yet.
             */
            maybe: number;
            /**
             * Format: int64
             * @description Tickets whose holder does not come.
             */
            not_attending: number;
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
            /** @description Its start. */
            starts_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Tickets whose holder has not answered.
             */
            unanswered: number;
        };
        /** @description What became of a reported entry. */
        Settled: {
            first_used_at?: components["schemas"]["Instant"] | null;
            /** @description With `already-used`: where. */
            gate?: string | null;
            /**
             * Format: uuid
             * @description The entry.
             */
            id: string;
            /** @description With `ticket-invalid`: why. */
            reason?: string | null;
            /** @description `admitted`, `already-used` (kept as a conflict), `ticket-invalid`, or `undone` (reported and taken back before). */
            result: string;
        };
        /** @description What was shown at the gate: a code, or the text of a QR code. */
        Shown: {
            /** @description `TCK-…`, as typed. */
            code?: string | null;
            /** @description Where; `main` when absent. */
            gate?: string | null;
            /**
             * Format: uuid
             * @description Made by the scanner, so that an entry sent again is the same entry; absent: every request is another.
             */
            id?: string | null;
            /** @description `RL1.…`, as scanned. */
            qr?: string | null;
            /**
             * Format: int64
             * @description The performance that this gate lets into; absent: any.
             */
            session?: number | null;
        };
        /** @description Somebody has logged in. */
        SignedIn: {
            /**
             * Format: int64
             * @description Seconds the access token lives.
             */
            expires_in: number;
            /** @description Gives the next access token, once; also sent as an HttpOnly cookie. */
            refresh_token: string;
            /** @description Access token, for `Authorization: Bearer …`. */
            token: string;
            /** @description Who. */
            user: components["schemas"]["Profile"];
        };
        /** @description Width and height. */
        Size: {
            /**
             * Format: int64
             * @description Downwards.
             */
            height: number;
            /**
             * Format: int64
             * @description To the right.
             */
            width: number;
        };
        /** @description The parts of a sum of lines. */
        Sums: components["schemas"]["Line"] & {
            /** @description `tax_minor` by name. */
            taxes: components["schemas"]["TaxSum"][];
        };
        /** @description A drawing and what its parts mean. */
        SvgImport: {
            /** @description Only look: nothing is written. */
            dry_run?: boolean;
            /** @description Which shapes are seats, and in which category. */
            mapping?: components["schemas"]["Mapping"];
            /** @description Name of the layout; a known name makes the next version. */
            name: string;
            /** @description The file's text. */
            svg: string;
        };
        /** @description Body of `POST /events/{id}/bookings/{booking}/cancel`, which may be empty. */
        TakenBack: {
            /** @description For the audit log; at most 200 characters. */
            reason?: string | null;
            /**
             * Format: int64
             * @description What is paid back for them together, in minor units; absent: what they cost.
             */
            refund_minor?: number | null;
            /** @description Codes of the tickets to take back; absent: all. */
            tickets?: string[] | null;
        };
        /** @description A tax by its name. */
        Tax: {
            /** @description As buyers know it, such as `VAT 19 %`; at most 40 characters. */
            name: string;
            /**
             * Format: int64
             * @description Millionths; 19 % is 190,000.
             */
            rate_ppm: number;
        };
        /** @description A tax by its name. */
        TaxPart: {
            /** @description As buyers know it, such as `VAT 19 %`; at most 40 characters. */
            name: string;
            /**
             * Format: int64
             * @description Millionths; 19 % is 190,000.
             */
            rate_ppm: number;
        };
        /** @description A tax of a whole sum. */
        TaxSum: components["schemas"]["TaxPart"] & {
            /**
             * Format: int64
             * @description What it comes to, in minor units.
             */
            tax_minor: number;
        };
        /** @description Terms that were checked. The default adds nothing. */
        Terms: {
            /** @description How lines are rounded. */
            rounding: components["schemas"]["Rounding"];
            /** @description A fee for each ticket that costs something. */
            service_fee: components["schemas"]["ServiceFee"];
            /** @description By name. */
            taxes: components["schemas"]["Tax"][];
            /** @description Whether face price and fee have the taxes in them. */
            taxes_included: boolean;
        };
        /** @description A ticket as booking documents show it. */
        TicketCard: {
            /** @description The code to show at the gate. */
            code: string;
            /** @description Path of the PDF. */
            pdf_url: string;
            seat?: components["schemas"]["SeatName"] | null;
            /** @description Whether it opens the door. */
            status: components["schemas"]["TicketStatus"];
            /** @description The same, by the name older clients know. */
            ticket_code: string;
        };
        /** @description A ticket as its page shows it. */
        TicketDocument: components["schemas"]["TicketCard"] & components["schemas"]["Sums"] & {
            /**
             * Format: uuid
             * @description Its booking.
             */
            booking_id: string;
            /** @description ISO 4217. */
            currency: string;
            /** @description The event. */
            event: components["schemas"]["TicketEvent"];
            /** @description The name printed on it. */
            holder_name: string;
            /** @description Path of the calendar entry. */
            ics_url: string;
            /**
             * Format: int64
             * @description What was paid, in minor units: the sum of its parts.
             */
            price_minor: number;
            /** @description The QR code as an SVG image; `null` when the ticket is dead, and in lists. */
            qr_svg?: string | null;
            /** @description The booking's reference. */
            reference: string;
            /** @description The performance. */
            session: components["schemas"]["TicketSession"];
            /** @description Name of the ticket type. */
            ticket_type: string;
        };
        /** @description The event of a ticket. */
        TicketEvent: {
            /** @description `concert`, `sports`, …; with id and name it decides the poster that pages draw without a picture. */
            category: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Path of a picture on this site. */
            image?: string | null;
            /** @description Its name. */
            name: string;
            /** @description Name of the venue. */
            venue: string;
            /** @description Address of the venue. */
            venue_address: string;
        };
        /** @description What is paid back for a ticket. */
        TicketQuote: components["schemas"]["Line"] & {
            /** @description Its code. */
            code: string;
            /**
             * Format: int64
             * @description What is paid back, in minor units.
             */
            refund_minor: number;
        };
        /** @description The session of a ticket. */
        TicketSession: {
            /** @description Entry from. */
            doors_at: components["schemas"]["Instant"];
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Hall inside the venue. */
            room_name?: string | null;
            /** @description Start. */
            starts_at: components["schemas"]["Instant"];
            /** @description Zone of the venue, IANA name. */
            time_zone: string;
        };
        /**
         * @description Life of a ticket: valid → used (and back when a check-in is undone), cancelled or transferred.
         * @enum {string}
         */
        TicketStatus: "valid" | "used" | "cancelled" | "transferred";
        /** @description What is to change about a ticket type; absent members stay. */
        TicketTypeChange: {
            /** @description `#rrggbb`. */
            colour?: string | null;
            /** @description `true` leaves it to those who have a code that unlocks it. */
            hidden?: boolean | null;
            /** @description Unique in the session. Not once a place of it is sold or held. */
            name?: string | null;
            /** @description Shown distinctly on the seat map. */
            premium?: boolean | null;
            price?: components["schemas"]["Decimal"] | null;
            /**
             * Format: int64
             * @description Face price in minor units. Not once a place of it is sold or held.
             */
            price_minor?: number | null;
            /**
             * Format: int64
             * @description Places of general admission; fewer only by what is free.
             */
            quantity?: number | null;
            /** @description `true` takes what is free off sale, `false` puts it back. */
            withdrawn?: boolean | null;
        };
        /** @description What is sold in a session. */
        TicketTypeDetail: components["schemas"]["Line"] & {
            /** @description `#rrggbb`. */
            colour: string;
            /**
             * Format: int64
             * @description What the organiser asks for, in minor units.
             */
            face_minor: number;
            /** @description Sold to whoever has a code that unlocks it only; the public does not see it. */
            hidden: boolean;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description Shown distinctly on the seat map. */
            premium: boolean;
            /**
             * Format: double
             * @description What a buyer pays for one, in major units.
             */
            price: number;
            /**
             * Format: int64
             * @description What a buyer pays for one, in minor units: the sum of its parts.
             */
            price_minor: number;
            /**
             * Format: int64
             * @description Places still to be had; up to two seconds old.
             */
            remaining: number;
            /** @description Whether its places have labels. */
            seated: boolean;
            /**
             * Format: int64
             * @description Places.
             */
            total: number;
            /** @description Taken off sale by its organiser; nothing of it remains. */
            withdrawn: boolean;
        };
        /** @description A code from the app. */
        TotpCode: {
            /** @description Six digits; to switch the factor off, a recovery code as well. */
            code: string;
        };
        /** @description What an authenticator app needs to know. */
        TotpSecret: {
            /** @description The same as an address. */
            otpauth_url: string;
            /** @description The address as a QR code, SVG. */
            qr_svg: string;
            /** @description The secret, base 32, to type in. */
            secret: string;
        };
        /** @description Whether an account has a second factor. */
        TotpStatus: {
            /** @description Logins need a code. */
            enabled: boolean;
            /**
             * Format: int64
             * @description Recovery codes that are left.
             */
            recovery_codes_left: number;
        };
        /** @description Free seats of one ticket type. */
        TypeAvailability: {
            /**
             * Format: int64
             * @description The ticket type.
             */
            id: number;
            /**
             * Format: int64
             * @description Its free seats.
             */
            remaining: number;
        };
        /** @description Figures of a ticket type. */
        TypeStats: {
            /** Format: int64 */
            capacity: number;
            /** Format: int64 */
            free: number;
            /** Format: int64 */
            held: number;
            /** Format: int64 */
            id: number;
            name: string;
            /** Format: int64 */
            price_minor: number;
            /**
             * Format: int64
             * @description What live tickets were sold for.
             */
            revenue_minor: number;
            /** Format: int64 */
            session: number;
            /** Format: int64 */
            sold: number;
        };
        /** @description Body of `POST /holds/{id}/promo`. */
        TypedCode: {
            /** @description What the shopper typed. */
            code: string;
        };
        /** @description An entry that was taken back. */
        Undone: {
            /**
             * Format: uuid
             * @description The entry.
             */
            id: string;
            /** @description `undone`. */
            result: string;
        };
        /** @description What a code unlocks in a session. */
        Unlocked: {
            /** @description The code. */
            code: string;
            /** @description The ticket types, to be held with the code. */
            ticket_types: components["schemas"]["UnlockedType"][];
        };
        /** @description A hidden ticket type, to who has its code. */
        UnlockedType: components["schemas"]["TicketTypeDetail"] & {
            /** @description Ids of its free seats, where they have labels: the seat map shows them as blocked. */
            seats: number[];
        };
        /** @description A seat in no category. */
        Unmatched: {
            /** @description What it keeps through all versions. */
            key: string;
            /** @description Its number. */
            label: string;
            /**
             * Format: int32
             * @description Where it stands in the file.
             */
            line?: number | null;
            /** @description Its row. */
            row: string;
            /** @description Its section. */
            section: string;
        };
        /** @description A ticket whose holder is inside. */
        UsedTicket: {
            /** @description When its holder came in. */
            at: components["schemas"]["Instant"];
            /** @description Where. */
            gate: string;
            /**
             * Format: uuid
             * @description The ticket.
             */
            ticket: string;
        };
        /** @description A venue. */
        Venue: {
            /** @description Street and city; empty when unknown. */
            address: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description The newest version of each seating plan. */
            layouts: components["schemas"]["Layout"][];
            /** @description Its name. */
            name: string;
            /** @description IANA name. */
            time_zone: string;
        };
        /** @description The venue of an event. */
        VenueDetails: {
            /** @description Street and city; empty when unknown. */
            address: string;
            /**
             * Format: int64
             * @description Its id.
             */
            id: number;
            /** @description Its name. */
            name: string;
            /** @description IANA name. */
            time_zone: string;
        };
        /** @description How many wait for one session and ticket type. */
        WaitingListDemand: {
            /**
             * Format: int64
             * @description People who have an offer.
             */
            offered: number;
            /**
             * Format: int64
             * @description People who wait.
             */
            people: number;
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
            /**
             * Format: int64
             * @description The ticket type; null: those who take any.
             */
            ticket_type?: number | null;
            /**
             * Format: int64
             * @description Tickets they want.
             */
            tickets: number;
        };
        /** @description My entry in a session's waiting list. */
        WaitingListEntry: {
            /**
             * Format: uuid
             * @description The hold that keeps the offered seats: book it.
             */
            hold_id?: string | null;
            /** @description When it was made. */
            joined_at: components["schemas"]["Instant"];
            offer_expires_at?: components["schemas"]["Instant"] | null;
            /**
             * Format: int64
             * @description 1 is next; null when not waiting.
             */
            position?: number | null;
            /**
             * Format: int64
             * @description Tickets wanted, all or none.
             */
            quantity: number;
            /**
             * Format: int64
             * @description The session.
             */
            session: number;
            /** @description `waiting`, `offered`, `taken` (bought), `lapsed` (the offer or the sale is over) or `left`. */
            state: string;
            /**
             * Format: int64
             * @description Of this ticket type; null: of any one.
             */
            ticket_type?: number | null;
            /**
             * Format: int64
             * @description People who wait.
             */
            waiting: number;
        };
        /** @description What is to change; absent members stay. */
        WebhookChange: {
            /** @description For its owner. */
            description?: string | null;
            /** @description What it is told of. */
            kinds?: components["schemas"]["EventKind"][] | null;
            /** @description Whether it takes no messages for now; `false` also brings a disabled one back. */
            paused?: boolean | null;
            /** @description Where messages go. */
            url?: string | null;
        };
        /** @description Body of the call to booking. */
        Wish: {
            /** @description Where the mail goes; `None` takes the wish back. */
            email?: string | null;
            /**
             * Format: uuid
             * @description The place.
             */
            place: string;
            /** @description The room. */
            room: string;
        };
        /** @description What is written on a decoration. */
        Words: {
            /** @description Their colour. */
            color?: string | null;
            /** @description Their middle, relative to the decoration's position. */
            position?: components["schemas"]["Position"];
            /**
             * Format: int64
             * @description Height of the letters; 16 when nobody says.
             */
            size?: number | null;
            /** @description The words. */
            text: string;
        };
        /** @description A part of the house. */
        Zone: {
            /** @description What is drawn and not sold. */
            areas?: components["schemas"]["Decoration"][];
            /** @description Its name. */
            name?: string | null;
            /** @description Of its origin. */
            position: components["schemas"]["Position"];
            /** @description Its rows. */
            rows: components["schemas"]["DocumentRow"][];
            /** @description Unique among all things of the plan. */
            uuid?: string | null;
            /** @description Internal id; only used to make up names of seats. */
            zone_id?: string | null;
        };
    };
    responses: {
        /** @description The request could not be read: `bad-request`, `malformed-json`, `bad-encoding`, … */
        BadRequest: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `not-allowed` */
        Forbidden: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `headers-too-large` */
        HeadersTooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `validation` and its kin; `errors` has pointers into the body or the query */
        Invalid: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `media-type`, `encoding-not-supported` */
        MediaType: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `unknown-host` */
        Misdirected: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `not-acceptable`: the answer is of none of the types in Accept */
        NotAcceptable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `not-found`: nothing there, or not yours */
        NotFound: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `slow-down`; see Retry-After */
        SlowDown: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `timeout`: the body took too long to arrive */
        Timeout: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `too-large` */
        TooLarge: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `login-required`, `invalid-token` */
        Unauthorized: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `unavailable`, `restarting`; see Retry-After */
        Unavailable: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
        /** @description `uri-too-long` */
        UriTooLong: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["ProblemDocument"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
