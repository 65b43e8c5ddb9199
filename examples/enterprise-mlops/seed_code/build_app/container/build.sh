#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Builds the image and pushes it as ECR_REPO_URI:TAG, where the tag is IMAGE_TAG, else the commit that CodeBuild builds. A tag that is there
# already stays as it is, so that a build can be repeated.
set -eu
cd "$(dirname "$0")"
: "${ECR_REPO_URI:?set ECR_REPO_URI to the URI of the repository}"
: "${AWS_REGION:?set AWS_REGION}"
image=$ECR_REPO_URI:${IMAGE_TAG:-${CODEBUILD_RESOLVED_SOURCE_VERSION:-latest}}

aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "${ECR_REPO_URI%%/*}"
if docker manifest inspect "$image" >/dev/null 2>&1; then
    echo "$image is there"
    exit 0
fi
docker build --tag "$image" .
docker push "$image"
