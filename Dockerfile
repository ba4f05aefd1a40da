# Rushline in a small image: pages, then the server, then nothing but the binary, as nobody in particular.
#   docker build -t rushline .
# The root file system may be read-only; the embedded default writes to /data, and keeps its keys in /keys.

FROM node:22-bookworm-slim AS pages
WORKDIR /src
COPY .npmrc ./
COPY waiting-room/web waiting-room/web
COPY booking/web booking/web
COPY booking/openapi.json booking/openapi.json
RUN for pages in waiting-room/web booking/web; do \
      (cd "$pages" && npm ci --no-fund --no-audit && npm run build) || exit 1; \
    done

FROM rust:1.95-bookworm AS server
WORKDIR /src
COPY . .
COPY --from=pages /src/waiting-room/web/dist waiting-room/web/dist
COPY --from=pages /src/booking/web/dist booking/web/dist
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --locked --profile dist && cp target/dist/rushline /rushline && mkdir -m 700 /data /keys

# glibc and root certificates, no shell and no package manager; runs as user 65532.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=server /rushline /usr/local/bin/rushline
COPY --from=server --chown=65532:65532 /data /data
COPY --from=server --chown=65532:65532 /keys /keys
ENV RUSHLINE_LISTEN=0.0.0.0:8080 \
    RUSHLINE_SERVER_OPERATIONS_LISTEN=0.0.0.0:9464 \
    RUSHLINE_DATA_DIR=/data \
    RUSHLINE_KEYS_DIR=/keys \
    RUSHLINE_SERVER_LOG_JSON=true
VOLUME ["/data", "/keys"]
EXPOSE 8080 9464
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/usr/local/bin/rushline", "healthy"]
ENTRYPOINT ["/usr/local/bin/rushline"]
CMD ["all"]
