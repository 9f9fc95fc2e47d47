"""One search for the whole portal: services, people, documents, requests and help, each as its owner may see it."""
